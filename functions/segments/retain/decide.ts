/**
 * Which of the oldest pieces of a log are past its retention: Kafka's rules (UnifiedLog.deleteOldSegments), with a segment
 * or a stretch of the recent part for Kafka's segment.
 */

export interface Piece {
  /** The offset after its last one. */
  readonly endOffset: number
  readonly bytes: number
  /** Of its newest record; when it was stored, where no record says a time. Epoch milliseconds. */
  readonly timestamp: number
}

/** Kafka goes by the file's age where no record of a segment has a time. */
export function pieceOf(
  {
    endOffset,
    bytes,
    maxTimestamp,
  }: { readonly endOffset: number; readonly bytes: number; readonly maxTimestamp: number },
  storedAt: number,
): Piece {
  return { endOffset, bytes, timestamp: maxTimestamp >= 0 ? maxTimestamp : storedAt }
}

/** A piece is kept while its newest record is as young as this or younger. */
export function isExpired({ timestamp }: Piece, keptSince: number): boolean {
  return timestamp < keptSince
}

/**
 * Where the log has to start so that `maxBytes` are kept: only pieces leave without which at least so many bytes remain.
 * Undefined: it may stay as it is.
 */
export function startBySize(pieces: readonly Piece[], maxBytes: number): number | undefined {
  let surplus = pieces.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes
  let start: number | undefined
  for (const { bytes, endOffset } of pieces) {
    surplus -= bytes
    if (surplus < 0) break
    start = endOffset
  }
  return start
}
