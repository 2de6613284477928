/** Counts what goes into the log and comes out of it, between the features and their storage. */
import type { AppendEntry, AppendOutcome, PartitionLog, ReadOutcome } from "../../log/ports.ts"
import { type Family, family } from "./exposition.ts"
import { appendedBytes, readBytes, recordsAppended, recordsDuplicate, recordsRead } from "./table/records.ts"

export interface MeteredLog {
  readonly log: PartitionLog
  families(): readonly Family[]
}

export function meteredLog(inner: PartitionLog): MeteredLog {
  const appended = { records: 0, bytes: 0 }
  const duplicates = { records: 0 }
  const read = { records: 0, bytes: 0 }

  const countAppends = (entries: readonly AppendEntry[], outcomes: readonly AppendOutcome[]) => {
    for (let index = 0; index < outcomes.length; index++) {
      const [outcome, entry] = [outcomes[index], entries[index]]
      if (outcome === undefined || entry === undefined) continue
      if (outcome.kind === "duplicate") duplicates.records += entry.recordCount
      if (outcome.kind !== "appended") continue
      appended.records += entry.recordCount
      appended.bytes += entry.batch.length
    }
  }
  const countRead = (outcome: ReadOutcome): ReadOutcome => {
    if (outcome.kind !== "batches") return outcome
    for (const { recordCount, bytes } of outcome.batches) {
      read.records += recordCount
      read.bytes += bytes.length
    }
    return outcome
  }
  return {
    log: {
      createPartitions: (topicId, count) => inner.createPartitions(topicId, count),
      deletePartitions: (topicId) => inner.deletePartitions(topicId),
      append: (partition, entries) =>
        inner.append(partition, entries).then((outcomes) => {
          countAppends(entries, outcomes)
          return outcomes
        }),
      read: (partition, request) => {
        const outcome = inner.read(partition, request)
        return outcome instanceof Promise ? outcome.then(countRead) : countRead(outcome)
      },
      findByTimestamp: (partition, timestamp) => inner.findByTimestamp(partition, timestamp),
      describe: (partition) => inner.describe(partition),
      moveLogStart: (partition, before) => inner.moveLogStart(partition, before),
      setFence: (partition, expected, next) => inner.setFence(partition, expected, next),
      waitForChange: (watches, signal) => inner.waitForChange(watches, signal),
    },
    families: () => [
      family(recordsAppended, appended.records),
      family(appendedBytes, appended.bytes),
      family(recordsDuplicate, duplicates.records),
      family(recordsRead, read.records),
      family(readBytes, read.bytes),
    ],
  }
}
