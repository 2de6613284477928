import { decodeBatch, RecordBatchError } from "../../record-batch/index.ts"
import { recordJson } from "../format/record-json.ts"
import type { InspectOptions } from "./options.ts"

/** The bound that the server has for produced batches would hide what others wrote. */
const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024

export interface DecodedRecords {
  /** Each record as JSON. */
  readonly records: readonly string[]
  /** Why there are none. */
  readonly problem?: string
}

/** The records of one whole batch, where they are asked for. */
export async function decodeRecords(batch: Uint8Array, options: InspectOptions): Promise<DecodedRecords> {
  if (!options.records) return { records: [] }
  try {
    const records = await decodeBatch(batch, options.codecs, MAX_DECOMPRESSED_BYTES)
    return { records: records.map((record) => recordJson(record, options.formats)) }
  } catch (error) {
    if (error instanceof RecordBatchError) return { records: [], problem: error.message }
    throw error
  }
}

/** With the kind of the line, as a stream of JSON lines has several. */
export function markedRecord(json: string): string {
  return `{"kind":"record",${json.slice(1)}`
}
