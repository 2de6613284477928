/** What was fetched from a partition, as JSON text or as record batches. */
import { type BatchRecord, decodeVerifiedBatch, readBatchHeader } from "stratalog/record-batch"
import type { FetchDependencies } from "../../log/dependencies.ts"
import type { PartitionFetch } from "../../log/fetch/fetch.ts"
import type { StoredBatch } from "../../log/ports.ts"
import type { AnswerRoom } from "./answer-room.ts"
import { type RecordFormats, recordText } from "./json-records.ts"

export type FetchedBatches = Extract<PartitionFetch, { kind: "fetched" }>

export type FetchedText =
  | {
      readonly kind: "text"
      /** The fields of a partition's JSON answer, without the braces. */
      readonly text: string
      readonly records: number
      readonly nextOffset: number
    }
  /** The first record takes more than any answer may. */
  | { readonly kind: "record_too_large"; readonly offset: number; readonly bytes: number; readonly maxBytes: number }

/** At most `limit` records from the asked offset on, as many as there is room for. */
export async function fetchedText(
  fetched: FetchedBatches,
  limit: number,
  formats: RecordFormats,
  room: AnswerRoom,
  deps: Pick<FetchDependencies, "codecs" | "limits">,
): Promise<FetchedText> {
  const { records, nextOffset } = await recordsOf(fetched, limit, deps)
  const list = boundOf(records) <= room.left ? listAll(records, formats) : listThatFits(records, formats, room)
  const [tooLarge] = records
  if (list.records === 0 && tooLarge !== undefined && room.untouched) {
    const bytes = Buffer.byteLength(recordText(tooLarge, formats))
    return { kind: "record_too_large", offset: tooLarge.offset, bytes, maxBytes: room.size }
  }
  room.take(Buffer.byteLength(list.text))
  const cut = records[list.records]
  const next = cut === undefined ? nextOffset : cut === tooLarge ? fetched.offset : cut.offset
  const { highWatermark, logStartOffset } = fetched.watermarks
  return {
    kind: "text",
    text: `"records":[${list.text}],"nextOffset":${next},"highWatermark":${highWatermark},"logStartOffset":${logStartOffset}`,
    records: list.records,
    nextOffset: next,
  }
}

/** The first batch may begin before the asked offset, the last end behind the limit. */
async function recordsOf(
  { offset, batches }: FetchedBatches,
  limit: number,
  deps: Pick<FetchDependencies, "codecs" | "limits">,
): Promise<{ readonly records: readonly BatchRecord[]; readonly nextOffset: number }> {
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

/** A character may take six bytes in JSON, `\u0001`; the rest is for names and numbers. */
const BYTES_FOR_A_BYTE = 6
const BYTES_FOR_A_RECORD = 256
const BYTES_FOR_A_HEADER = 32

/** More than these records take as JSON, at a fraction of the work of writing them. */
function boundOf(records: readonly BatchRecord[]): number {
  let bytes = 0
  for (const { key, value, headers } of records) {
    bytes += BYTES_FOR_A_RECORD + BYTES_FOR_A_BYTE * ((key?.length ?? 0) + (value?.length ?? 0))
    for (const [name, content] of headers) {
      bytes += BYTES_FOR_A_HEADER + BYTES_FOR_A_BYTE * (name.length + (content?.length ?? 0))
    }
  }
  return bytes
}

interface RecordList {
  readonly text: string
  readonly records: number
}

function listAll(records: readonly BatchRecord[], formats: RecordFormats): RecordList {
  let text = ""
  let separator = ""
  for (const record of records) {
    text += separator + recordText(record, formats)
    separator = ","
  }
  return { text, records: records.length }
}

function listThatFits(records: readonly BatchRecord[], formats: RecordFormats, room: AnswerRoom): RecordList {
  const texts: string[] = []
  let bytes = 0
  for (const record of records) {
    const text = recordText(record, formats)
    bytes += Buffer.byteLength(text) + 1
    if (bytes > room.left) break
    texts.push(text)
  }
  return { text: texts.join(","), records: texts.length }
}

/** The offset behind a batch. A compacted batch has fewer records than offsets, so its header says. */
export function endOf(batch: StoredBatch): number {
  return batch.baseOffset + readBatchHeader(batch.bytes).lastOffsetDelta + 1
}

/** Where a reader of whole batches goes on. */
export function endOfBatches({ offset, batches }: Pick<FetchedBatches, "offset" | "batches">): number {
  const last = batches.at(-1)
  return last === undefined ? offset : endOf(last)
}
