/** A stored batch as what can be appended elsewhere: itself wherever that may be, otherwise its records written anew. */
import { decodeVerifiedBatch } from "../../record-batch/decode.ts"
import { encodeBatch, encodeCompressedBatch } from "../../record-batch/encode.ts"
import { verifyBatch } from "../../record-batch/header.ts"
import { clearProducer } from "../../record-batch/patch.ts"
import type { BatchCodecs, BatchHeader, BatchRecord, CodecName } from "../../record-batch/types.ts"

export interface Piece {
  readonly bytes: Uint8Array
  /** Where its records lie in the source; absent: one behind the other from `first` on. */
  readonly offsets?: readonly number[]
  readonly first: number
  readonly count: number
  /** Where the source goes on behind it. */
  readonly next: number
  readonly maxTimestamp: number
}

export interface PieceRules {
  readonly codecs: BatchCodecs
  /** The largest batch that may be appended. */
  readonly maxBytes: number
  readonly maxDecompressedBytes: number
}

/** A record that fits into no batch of the target. */
export class RecordTooLarge extends Error {
  readonly offset: number
  readonly bytes: number

  constructor(offset: number, bytes: number) {
    super(`the record at offset ${offset} takes ${bytes} bytes`)
    this.name = "RecordTooLarge"
    this.offset = offset
    this.bytes = bytes
  }
}

/**
 * What is to be appended of batches that are taken together, from an offset on; nothing where compaction has emptied them.
 * One batch stays as it is but for its producer, unless compaction left holes in it, the log stamped it or it is too
 * large. Otherwise the records are written anew with the codec of the first, each with the time that readers see. Rejects
 * with a RecordBatchError or RecordTooLarge.
 */
export async function piecesOf(
  batches: readonly Uint8Array[],
  from: number,
  rules: PieceRules,
): Promise<readonly Piece[]> {
  const { codecs, maxBytes, maxDecompressedBytes } = rules
  const headers = batches.map((batch) => verifyBatch(batch, codecs.crc32c))
  const [batch, header] = [batches[0], headers[0]]
  if (batch === undefined || header === undefined) return []
  const next = endOf(headers.at(-1) ?? header)
  if (batches.length === 1 && isAppendable(header, from) && batch.length <= maxBytes) {
    const bytes = header.producerId < 0 ? batch : clearProducer(batch, codecs.crc32c)
    return [{ bytes, first: header.baseOffset, count: header.recordCount, next, maxTimestamp: header.maxTimestamp }]
  }
  const records: BatchRecord[] = []
  for (const each of batches) {
    for (const record of await decodeVerifiedBatch(each, codecs, maxDecompressedBytes)) {
      if (record.offset >= from) records.push(record)
    }
  }
  const pieces = await written(records, header.codec, rules)
  const last = pieces.at(-1)
  return last === undefined ? [] : [...pieces.slice(0, -1), { ...last, next }]
}

/** The offset behind a batch. */
export function endOf({ baseOffset, lastOffsetDelta }: BatchHeader): number {
  return baseOffset + lastOffsetDelta + 1
}

/** Whether a server takes it from a producer. */
function isAppendable(header: BatchHeader, from: number): boolean {
  const isDense = header.recordCount === header.lastOffsetDelta + 1
  return isDense && header.baseOffset >= from && !header.logAppendTime && !header.hasDeleteHorizon
}

/** One batch, or as many as it takes. */
async function written(records: readonly BatchRecord[], codec: CodecName, rules: PieceRules): Promise<Piece[]> {
  const [first, last] = [records[0], records.at(-1)]
  if (first === undefined || last === undefined) return []
  const bytes = await encode(records, codec, rules.codecs)
  if (bytes.length <= rules.maxBytes) {
    const maxTimestamp = records.reduce((max, { timestamp }) => Math.max(max, timestamp), first.timestamp)
    const offsets = records.map(({ offset }) => offset)
    return [{ bytes, offsets, first: first.offset, count: records.length, next: last.offset + 1, maxTimestamp }]
  }
  if (records.length === 1) throw new RecordTooLarge(first.offset, bytes.length)
  const middle = records.length >> 1
  return [
    ...(await written(records.slice(0, middle), codec, rules)),
    ...(await written(records.slice(middle), codec, rules)),
  ]
}

async function encode(records: readonly BatchRecord[], codec: CodecName, codecs: BatchCodecs): Promise<Uint8Array> {
  if (codec === "none") return encodeBatch({ records }, codecs.crc32c)
  // zstd can be read everywhere, but written only by newer platforms.
  return encodeCompressedBatch({ records }, codecs[codec]?.compress === undefined ? "gzip" : codec, codecs)
}
