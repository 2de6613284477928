/** The records of a stored batch, or what is wrong with it. */
import { type BatchRecord, decodeVerifiedBatch, RecordBatchError } from "stratalog/record-batch"
import type { StoredBatch } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { CorruptPart } from "../failures.ts"
import type { Segment } from "../ports.ts"

export async function recordsOf(
  { codecs, settings }: Pick<UpkeepDependencies, "codecs" | "settings">,
  { objectKey }: Segment,
  batch: StoredBatch,
): Promise<readonly BatchRecord[] | CorruptPart> {
  try {
    return await decodeVerifiedBatch(batch.bytes, codecs, settings.maxDecompressedBytes)
  } catch (error) {
    if (!(error instanceof RecordBatchError)) throw error
    return { kind: "corrupt", where: `object ${objectKey} at offset ${batch.baseOffset}`, detail: error.message }
  }
}
