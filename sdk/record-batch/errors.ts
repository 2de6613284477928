/**
 * What is wrong with a record batch.
 *
 * - `truncated`: the bytes end before the batch does
 * - `bad_magic`: not a RecordBatch v2
 * - `bad_length`: the length field cannot be right, or bytes follow the batch
 * - `bad_crc`: the CRC-32C does not match the bytes
 * - `bad_record`: a record does not parse, or breaks a rule of the format
 * - `bad_count`: the record count does not fit the records or the offset deltas
 * - `unsupported_codec`: the compression codec is unknown, or not available here
 * - `corrupt`: the compressed records cannot be decompressed
 * - `decompressed_too_large`: the records exceed the bound for decompressed bytes
 * - `out_of_range`: a 64-bit value is beyond what a JavaScript number holds exactly, or a size beyond 2 GiB
 */
export type BatchErrorCode =
  | "truncated"
  | "bad_magic"
  | "bad_length"
  | "bad_crc"
  | "bad_record"
  | "bad_count"
  | "unsupported_codec"
  | "corrupt"
  | "decompressed_too_large"
  | "out_of_range"

/** The one error this module throws. Choose by `code`; `message` is a sentence for people. */
export class RecordBatchError extends Error {
  readonly code: BatchErrorCode

  constructor(code: BatchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "RecordBatchError"
    this.code = code
  }
}
