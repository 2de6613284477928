/**
 * What the server bears of its connections, so that no caller takes its memory or its time without bound. docs/limits.md
 * has all limits in one table; what a client needs to know of them is told by `GET /v1/limits`.
 */

export interface ServerBounds {
  /** Connections at a time; further ones are closed at once. */
  readonly maxConnections: number
  /** From a connection's opening, or from a request's first byte, to the end of its headers. */
  readonly headersTimeoutMs: number
  /** From a request's first byte to its last. */
  readonly requestTimeoutMs: number
  /** For a TLS handshake. */
  readonly handshakeTimeoutMs: number
  /** A connection without a request is kept so long after an answer. */
  readonly keepAliveTimeoutMs: number
  /** Between two looks at the connections: a timeout may come so much later. */
  readonly checkEveryMs: number
  /** Headers of a request. */
  readonly maxHeaders: number
  /** Bytes of answers that readers have not taken, over all connections. */
  readonly maxUnsentBytes: number
  /** A reader that takes less, bytes a second, after `readerGraceMs`, is cut off. */
  readonly slowestReader: number
  readonly readerGraceMs: number
}

const MiB = 1024 * 1024

/** Bodies and batches beyond 16 KiB that are decompressed at a time, as many as the threads that do it. */
export const DECOMPRESSIONS = 4

/** Bytes that large bodies of running requests may take, softly; further ones wait. */
export const BODY_BUDGET = 32 * MiB

export const serverBounds: ServerBounds = {
  // The readers that may wait, and as many again that do not.
  maxConnections: 40_000,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 60_000,
  handshakeTimeoutMs: 10_000,
  keepAliveTimeoutMs: 75_000,
  checkEveryMs: 5_000,
  maxHeaders: 100,
  maxUnsentBytes: 256 * MiB,
  slowestReader: 16 * 1024,
  readerGraceMs: 30_000,
}
