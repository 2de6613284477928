/** Whether an object's bytes are those that were written. */
import { type Crc32c, RecordBatchError, splitBatches, verifyBatch } from "stratalog/record-batch"
import type { NamedObject } from "./ports.ts"

/** What is wrong with them; undefined: nothing. */
export function wrongBytes(object: NamedObject, bytes: Uint8Array, crc32c: Crc32c): string | undefined {
  if (bytes.length !== object.bytes) return `${object.key} has ${bytes.length} bytes, ${object.bytes} were written`
  if (object.crc32c !== undefined) {
    const found = crc32c(bytes)
    return found === object.crc32c ? undefined : `the CRC-32C of ${object.key} is ${found}, not ${object.crc32c}`
  }
  try {
    for (const batch of splitBatches(bytes)) verifyBatch(batch, crc32c)
    return undefined
  } catch (error) {
    if (error instanceof RecordBatchError) return `${object.key}: ${error.message}`
    throw error
  }
}
