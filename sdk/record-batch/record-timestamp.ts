import { RecordBatchError } from "./errors.ts"
import type { RecordReader } from "./record-reader.ts"
import type { BatchHeader } from "./types.ts"

/** Reads a record's timestamp delta and returns the record's own timestamp, or the log's where that replaces it. */
export function readTimestamp(reader: RecordReader, header: BatchHeader): number {
  const timestamp = header.baseTimestamp + reader.varlong()
  if (!Number.isSafeInteger(timestamp)) {
    throw new RecordBatchError("out_of_range", `A record's timestamp at byte ${reader.at} is beyond 2^53.`)
  }
  return header.logAppendTime ? header.maxTimestamp : timestamp
}
