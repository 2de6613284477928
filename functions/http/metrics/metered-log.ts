/** Counts what goes into the log and comes out of it, between the features and their storage. */
import type { AppendEntry, AppendOutcome, PartitionLog, ReadOutcome } from "../../log/ports.ts"
import { type Family, family, histogramFamily } from "./exposition.ts"
import { Histogram } from "./histogram.ts"
import { countAppended, countRead, type LogCounts } from "./log-counts.ts"
import {
  appendedBytes,
  appendSeconds,
  appendsRefused,
  readBytes,
  readSeconds,
  recordsAppended,
  recordsDuplicate,
  recordsRead,
} from "./table/records.ts"

/** Seconds. */
const BOUNDS = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export interface MeteredLog {
  readonly log: PartitionLog
  families(): readonly Family[]
}

export function meteredLog(inner: PartitionLog): MeteredLog {
  const appended = { records: 0, bytes: 0, seconds: new Histogram(BOUNDS) }
  const duplicates = { records: 0 }
  const refused = new Map<string, number>()
  const read = { records: 0, bytes: 0, seconds: new Histogram(BOUNDS) }

  const counts: LogCounts = {
    appended: (records, bytes) => {
      appended.records += records
      appended.bytes += bytes
    },
    read: (records, bytes) => {
      read.records += records
      read.bytes += bytes
    },
  }
  const countOthers = (entries: readonly AppendEntry[], outcomes: readonly AppendOutcome[]) => {
    for (let index = 0; index < outcomes.length; index++) {
      const kind = outcomes[index]?.kind ?? "appended"
      if (kind === "appended") continue
      if (kind === "duplicate") duplicates.records += entries[index]?.recordCount ?? 0
      else refused.set(kind, (refused.get(kind) ?? 0) + 1)
    }
  }
  const readDone = (outcome: ReadOutcome, begun: number): ReadOutcome => {
    read.seconds.observe((performance.now() - begun) / 1000)
    return countRead(outcome, counts)
  }
  return {
    log: {
      createPartitions: (topicId, count) => inner.createPartitions(topicId, count),
      deletePartitions: (topicId) => inner.deletePartitions(topicId),
      append: (partition, entries) => {
        const begun = performance.now()
        return inner.append(partition, entries).then((outcomes) => {
          appended.seconds.observe((performance.now() - begun) / 1000)
          countAppended(entries, outcomes, counts)
          countOthers(entries, outcomes)
          return outcomes
        })
      },
      read: (partition, request) => {
        const begun = performance.now()
        const outcome = inner.read(partition, request)
        return outcome instanceof Promise ? outcome.then((found) => readDone(found, begun)) : readDone(outcome, begun)
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
      histogramFamily(appendSeconds, appended.seconds),
      family(
        appendsRefused,
        [...refused].map(([reason, value]) => ({ labels: { reason }, value })),
      ),
      family(recordsRead, read.records),
      family(readBytes, read.bytes),
      histogramFamily(readSeconds, read.seconds),
    ],
  }
}
