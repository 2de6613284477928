/** What was fetched from a partition, as JSON text or as record batches. */
import { type BatchRecord, decodeVerifiedBatch, readBatchHeader } from "stratalog/record-batch"
import type { LogDependencies } from "../../log/dependencies.ts"
import type { PartitionFetch } from "../../log/fetch/fetch.ts"
import type { StoredBatch } from "../../log/ports.ts"
import { type RecordFormats, recordText } from "./json-records.ts"

export type FetchedBatches = Extract<PartitionFetch, { kind: "fetched" }>

/** The records of an answer and where to go on behind them. */
export interface FetchedRecords {
  readonly records: readonly BatchRecord[]
  readonly nextOffset: number
}

/** At most `limit` records from the asked offset on: the first batch may begin before it, the last end behind the limit. */
export async function recordsOf(
  { offset, batches }: FetchedBatches,
  limit: number,
  deps: Pick<LogDependencies, "codecs" | "limits">,
): Promise<FetchedRecords> {
  const records: BatchRecord[] = []
  let nextOffset = offset
  for (const batch of batches) {
    const decoding = decodeVerifiedBatch(batch.bytes, deps.codecs, deps.limits.maxDecompressedBytes)
    for (const record of decoding instanceof Promise ? await decoding : decoding) {
      if (record.offset < offset) continue
      if (records.length === limit) return { records, nextOffset }
      records.push(record)
      nextOffset = record.offset + 1
    }
    nextOffset = Math.max(nextOffset, endOf(batch))
  }
  return { records, nextOffset }
}

/** The fields of a partition's JSON answer, without the braces. */
export function fetchedText(
  { records, nextOffset }: FetchedRecords,
  fetched: FetchedBatches,
  formats: RecordFormats,
): string {
  let text = '"records":['
  let separator = ""
  for (const record of records) {
    text += separator + recordText(record, formats)
    separator = ","
  }
  const { highWatermark, logStartOffset } = fetched.watermarks
  return `${text}],"nextOffset":${nextOffset},"highWatermark":${highWatermark},"logStartOffset":${logStartOffset}`
}

/** The offset behind a batch. A compacted batch has fewer records than offsets, so its header says. */
export function endOf(batch: StoredBatch): number {
  return batch.baseOffset + readBatchHeader(batch.bytes).lastOffsetDelta + 1
}

/** Where a reader of whole batches goes on. */
export function endOfBatches({ offset, batches }: FetchedBatches): number {
  const last = batches.at(-1)
  return last === undefined ? offset : endOf(last)
}
