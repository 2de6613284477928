import { RecordBatchError } from "./errors.ts"
import { BATCH_HEADER_BYTES } from "./layout.ts"
import type { BatchCodecs, BatchHeader, Codec, CodecName } from "./types.ts"

/** The codec of that name, or `unsupported_codec` where the platform has none. */
export function requireCodec(name: Exclude<CodecName, "none">, codecs: BatchCodecs): Codec {
  const codec = codecs[name]
  if (codec === undefined) {
    throw new RecordBatchError("unsupported_codec", `Compression codec ${name} is not available here.`)
  }
  return codec
}

/**
 * Hands the records of a whole batch, decompressed, to `use` as the bytes and the position where they start.
 * Synchronous where the batch is not compressed or its codec is synchronous.
 */
export function withRecordBytes<T>(
  bytes: Uint8Array,
  header: BatchHeader,
  codecs: BatchCodecs,
  maxDecompressedBytes: number,
  use: (records: Uint8Array, start: number) => T,
): T | Promise<T> {
  if (header.codec === "none") return use(bytes, BATCH_HEADER_BYTES)
  const block = bytes.subarray(BATCH_HEADER_BYTES)
  const records = requireCodec(header.codec, codecs).decompress(block, maxDecompressedBytes)
  return "then" in records ? records.then((decompressed) => use(decompressed, 0)) : use(records, 0)
}
