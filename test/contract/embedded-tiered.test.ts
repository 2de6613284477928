import type { PartitionLog } from "../../functions/log/ports.ts"
import type { JournalOptions } from "../../functions/storage/embedded/journal/index.ts"
import { TemporaryTieredLog } from "../fakes/temporary-tiered-log.ts"
import type { PartitionLogSubject } from "./partition-log/fixture.ts"
import { describePartitionLog } from "./partition-log.ts"

/** Moves a partition's records into segments after every so many appends to it. */
function tieringAfter(appends: number, tiered: TemporaryTieredLog, log: PartitionLog): PartitionLog {
  const counts = new Map<string, number>()
  return {
    createPartitions: (topicId, count) => log.createPartitions(topicId, count),
    deletePartitions: (topicId) => log.deletePartitions(topicId),
    append: async (partition, entries) => {
      const outcomes = await log.append(partition, entries)
      const name = `${partition.topicId}/${partition.partition}`
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      if (count % appends === 0) await tiered.tier(partition)
      return outcomes
    },
    read: (partition, request) => log.read(partition, request),
    findByTimestamp: (partition, timestamp) => log.findByTimestamp(partition, timestamp),
    describe: (partition) => log.describe(partition),
    moveLogStart: (partition, before) => log.moveLogStart(partition, before),
    setFence: (partition, expected, next) => log.setFence(partition, expected, next),
    waitForChange: (watches, signal) => log.waitForChange(watches, signal),
  }
}

async function makeTieredLog(appends: number, options: Partial<JournalOptions> = {}): Promise<PartitionLogSubject> {
  const tiered = new TemporaryTieredLog(options)
  return {
    store: tieringAfter(appends, tiered, await tiered.open()),
    reopen: async () => {
      await tiered.close()
      return tieringAfter(appends, tiered, await tiered.open())
    },
    dispose: async () => {
      await tiered.close()
      tiered.directory.dispose()
    },
  }
}

describePartitionLog("the embedded log without segments", () => makeTieredLog(Number.POSITIVE_INFINITY))

describePartitionLog("an embedded log of which everything is in segments at once", () => makeTieredLog(1))

describePartitionLog("an embedded log half in small journal files and half in segments", () =>
  makeTieredLog(3, { fileBytes: 4096, cacheBytes: 0, openFiles: 2 }),
)
