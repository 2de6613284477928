/** One end of a copy: a service by its URL, with its records as the batches they are stored in. */
import { type Clock, systemClock } from "../../client/clock.ts"
import { MatchFailedError, OffsetOutOfRangeError } from "../../client/errors.ts"
import { batchType, type FetchedWatermarks, fetchBytes } from "../../client/fetch-records.ts"
import { parseBaseUrl, pathOf } from "../../client/http-request.ts"
import type { RetryPolicy } from "../../client/retry-policy.ts"
import { Stratalog } from "../../client/stratalog.ts"
import type { PartitionOffsets } from "../../client/topic.ts"
import { type FetchFunction, Transport } from "../../client/transport.ts"
import type { Limits } from "../../protocol/limits.ts"
import type { Produced } from "../../protocol/schemas/produced.ts"
import { splitBatches } from "../../record-batch/header.ts"

export interface FetchedBatches extends FetchedWatermarks {
  readonly batches: readonly Uint8Array[]
}

export type FetchOutcome =
  | ({ readonly kind: "fetched" } & FetchedBatches)
  /** Retention was faster. */
  | { readonly kind: "gone"; readonly logStartOffset: number }

export type AppendOutcome =
  | { readonly kind: "appended"; readonly timestamp: number }
  /** The partition ends elsewhere: this batch, sent before, or another one is there already. */
  | { readonly kind: "moved"; readonly nextOffset: number }

export interface LogEnd {
  readonly url: string
  readonly log: Stratalog
  readonly limits: Limits
  readonly clock: Clock
  fetch(at: PartitionOf, offset: number, maxBytes: number, signal?: AbortSignal): Promise<FetchOutcome>
  /** Appends where the partition ends at `matchOffset`, which makes it safe to send again. */
  append(at: PartitionOf, bytes: Uint8Array, matchOffset: number, signal?: AbortSignal): Promise<AppendOutcome>
}

export interface PartitionOf {
  readonly topic: string
  readonly partition: number
}

export interface LogEndOptions {
  readonly fetch?: FetchFunction
  readonly clock?: Clock
}

/** A copy takes long: it outlasts about a minute without an answer. */
const RETRIES: RetryPolicy = { attempts: 12, baseMs: 200, maxMs: 10_000 }
const TIMEOUT_MS = 60_000

/** Asks for the limits, so that an end that cannot be reached is known at once. */
export async function openLogEnd(url: string, options: LogEndOptions = {}, signal?: AbortSignal): Promise<LogEnd> {
  const { fetch: send = (address, init) => fetch(address, init), clock = systemClock } = options
  const shared = { fetch: send, timeoutMs: TIMEOUT_MS, retries: RETRIES }
  const log = new Stratalog({ url, ...shared, ...clock })
  const transport = new Transport({ ...shared, baseUrl: parseBaseUrl(url), headers: {}, clock })
  const limits = await log.limits({ signal })
  return {
    url,
    log,
    limits,
    clock,
    fetch: (at, offset, maxBytes, abort) => fetchBatches(transport, at, offset, maxBytes, abort),
    append: (at, bytes, matchOffset, abort) => appendBatch(transport, at, bytes, matchOffset, abort),
  }
}

/** Where a partition begins and ends now. */
export async function offsetsAt(
  { log }: LogEnd,
  { topic, partition }: PartitionOf,
  signal: AbortSignal | undefined,
): Promise<Pick<PartitionOffsets, "logStartOffset" | "highWatermark">> {
  const [offsets] = await log.topic(topic).offsets({ partition, signal })
  return offsets ?? { logStartOffset: 0, highWatermark: 0 }
}

async function fetchBatches(
  transport: Transport,
  { topic, partition }: PartitionOf,
  offset: number,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<FetchOutcome> {
  try {
    const { bytes, ...watermarks } = await fetchBytes(transport, topic, partition, { offset, maxBytes, signal })
    return { kind: "fetched", batches: splitBatches(bytes), ...watermarks }
  } catch (error) {
    if (!(error instanceof OffsetOutOfRangeError) || error.code !== "offset_below_log_start") throw error
    if (error.logStartOffset === undefined) throw error
    return { kind: "gone", logStartOffset: error.logStartOffset }
  }
}

async function appendBatch(
  transport: Transport,
  { topic, partition }: PartitionOf,
  bytes: Uint8Array,
  matchOffset: number,
  signal: AbortSignal | undefined,
): Promise<AppendOutcome> {
  const request = {
    method: "POST",
    path: pathOf("v1", "topics", topic, "partitions", partition, "records"),
    query: { matchOffset },
    body: { bytes, type: batchType },
    answers: "timestamp",
    repeatable: true,
    signal,
  } as const
  const answer = await transport.json<Produced, AppendOutcome>(request, ({ error }) =>
    error instanceof MatchFailedError && error.nextOffset !== undefined
      ? { kind: "moved", nextOffset: error.nextOffset }
      : undefined,
  )
  return "kind" in answer ? answer : { kind: "appended", timestamp: answer.timestamp }
}
