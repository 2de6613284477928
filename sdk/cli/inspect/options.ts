import type { BatchCodecs } from "../../record-batch/index.ts"
import type { RecordFormats } from "../format/record-json.ts"

export interface InspectOptions {
  /** Decode the records of each batch. */
  readonly records: boolean
  readonly formats: RecordFormats
  readonly codecs: BatchCodecs
}

/** What was found in one file or directory. */
export interface InspectSummary {
  readonly batches: number
  readonly records: number
  /** Batches and frames with a wrong CRC, or whose records do not decode. */
  readonly bad: number
  readonly unreadableBytes: number
}
