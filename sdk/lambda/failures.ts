/** What of a batch was not processed. Pure. */
import type { ConsumerRecord } from "../client/index.ts"
import type { BatchFailures } from "./options.ts"

export interface FailedRecord {
  readonly offset: number
  readonly error: unknown
}

/**
 * The first of `records`, at least one, that is not processed; undefined: all are. A name that is no offset of theirs means
 * the whole batch, as with Lambda's own sources.
 */
export function firstFailure(
  records: readonly Pick<ConsumerRecord, "offset">[],
  result: BatchFailures | undefined,
): FailedRecord | undefined {
  const named = result?.batchItemFailures ?? []
  const [first] = records
  if (named.length === 0 || first === undefined) return undefined
  const offsets = named.map(({ itemIdentifier }) => Number(itemIdentifier))
  const known = offsets.every((offset) => records.some((record) => record.offset === offset))
  const offset = known ? Math.min(...offsets) : first.offset
  return { offset, error: new Error(`The handler reported the record at offset ${offset} as failed.`) }
}
