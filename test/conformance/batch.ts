/** Binary record batches for the cases, right and wrong ones. */
import {
  type BatchInput,
  type BatchRecord,
  type CodecName,
  decodeBatch,
  encodeBatch,
  encodeCompressedBatch,
  portableCodecs,
  portableCrc32c,
  splitBatches,
} from "stratalog/record-batch"

export const codecs = portableCodecs()

const text = new TextEncoder()

export interface BatchOptions extends Omit<BatchInput, "records"> {
  readonly codec?: CodecName
  readonly keys?: readonly (string | null)[]
  readonly timestamps?: readonly number[]
}

/** A batch of text values, compressed or not. */
export async function batchOf(values: readonly string[], options: BatchOptions = {}): Promise<Uint8Array> {
  const { codec = "none", keys, timestamps, ...rest } = options
  const records = values.map((value, index) => {
    const key = keys?.[index]
    return {
      timestamp: timestamps?.[index] ?? 1_763_600_000_000 + index,
      key: key === undefined || key === null ? null : text.encode(key),
      value: text.encode(value),
    }
  })
  const input: BatchInput = { ...rest, records }
  return codec === "none" ? encodeBatch(input, portableCrc32c) : encodeCompressedBatch(input, codec, codecs)
}

const CRC_AT = 17
const ATTRIBUTES_AT = 21

/** A copy with some bytes changed and, unless `crc` is false, a CRC that fits them. */
export function changed(batch: Uint8Array, change: (view: DataView) => void, crc = true): Uint8Array {
  const copy = new Uint8Array(batch)
  const view = new DataView(copy.buffer)
  change(view)
  if (crc) view.setUint32(CRC_AT, portableCrc32c(copy.subarray(ATTRIBUTES_AT)))
  return copy
}

/** The records of concatenated batches. */
export async function recordsOf(bytes: Uint8Array): Promise<BatchRecord[]> {
  const records: BatchRecord[] = []
  for (const batch of splitBatches(bytes)) records.push(...(await decodeBatch(batch, codecs, 64 * 1024 * 1024)))
  return records
}
