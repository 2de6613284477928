/** `restoreObjects`, which loads AWS's clients only when it is called. */
import type { PartitionReport, RestoreObjectsOptions } from "./restore-aws.ts"

/** One report for each partition. Throws an Error with a sentence where table or bucket cannot be used. */
export async function* restoreObjects(options: RestoreObjectsOptions): AsyncGenerator<PartitionReport> {
  const { restoreFrom } = await import("./restore-aws.ts")
  yield* restoreFrom(options)
}
