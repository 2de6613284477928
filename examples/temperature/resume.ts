/** Where the consumer goes on: at the offsets that its group committed. */
import { type CommittedOffset, type Stratalog, StratalogError } from "stratalog"
import { GROUP, type ReadingRecord, temperatures } from "./readings.ts"

/** The next offset to read, by partition. */
export type Offsets = Readonly<Record<number, number>>

/**
 * What the group committed, or the log start where it has committed nothing. The log start is committed as well, so
 * that the group exists and its lag is known before it has processed anything.
 */
export async function startOffsets(log: Stratalog): Promise<Offsets> {
  const group = log.group(GROUP)
  const topic = temperatures(log).name
  const ends = await temperatures(log).offsets()
  const start = mergeStart(ends, await committedOffsets(log))
  await group.commit(
    Object.entries(start).map(([partition, offset]) => ({ topic, partition: Number(partition), offset })),
  )
  return start
}

export function mergeStart(
  ends: readonly { readonly partition: number; readonly logStartOffset: number }[],
  committed: readonly { readonly partition: number; readonly offset: number }[],
): Offsets {
  const offsetOf = new Map(committed.map(({ partition, offset }) => [partition, offset]))
  return Object.fromEntries(
    ends.map(({ partition, logStartOffset }) => [partition, offsetOf.get(partition) ?? logStartOffset]),
  )
}

/** The readings that the group has processed already, oldest first in each partition. */
export async function* processedBefore(log: Stratalog, start: Offsets): AsyncGenerator<ReadingRecord> {
  for await (const record of temperatures(log).read()) {
    if (record.offset < (start[record.partition] ?? 0)) yield record
  }
}

/** A group that has never committed is not there. */
async function committedOffsets(log: Stratalog): Promise<CommittedOffset[]> {
  try {
    return await log.group(GROUP).committed({ topic: temperatures(log).name })
  } catch (error) {
    if (error instanceof StratalogError && error.code === "group_not_found") return []
    throw error
  }
}
