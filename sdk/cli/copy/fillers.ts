/**
 * Records that stand for offsets which the source no longer has, so that those behind them keep theirs: appended to an
 * empty partition and deleted before the first record comes.
 */
import { encodeCompressedBatch } from "../../record-batch/encode.ts"
import type { BatchCodecs, BatchRecord, RecordInput } from "../../record-batch/types.ts"

/** A million take 9 MB before and a few KB after compression. */
export const MOST_FILLERS = 1_000_000

const filler: RecordInput = { key: null, value: null, timestamp: 0 }

export async function fillerBatch(count: number, codecs: BatchCodecs): Promise<Uint8Array> {
  const records = Array.from({ length: count }, () => filler)
  return encodeCompressedBatch({ records }, "gzip", codecs)
}

export function isFiller({ key, value, timestamp, headers }: BatchRecord): boolean {
  return key === null && value === null && timestamp === filler.timestamp && headers.length === 0
}
