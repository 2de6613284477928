/** The log over an index and objects: what `PartitionLog` promises, by the append protocol. Each part stands alone, too. */
import type { PartitionAppends, PartitionControl, PartitionLog, PartitionReads } from "../log/ports.ts"
import { Lanes } from "./append/lanes.ts"
import type { AppendDeps, ControlDeps, PartitionsDeps, ReadDeps } from "./dependencies.ts"
import { describePartition } from "./describe.ts"
import { moveLogStart } from "./move-log-start.ts"
import { findByTimestamp } from "./read/find-by-timestamp.ts"
import { readPartition } from "./read/read.ts"
import { setFence } from "./set-fence.ts"
import { Changes } from "./wait-for-change.ts"

/** Everything; readers hear at once of what this process does. */
export function createIndexedLog(deps: PartitionsDeps): PartitionLog {
  const changes: Changes = new Changes(deps, (partition) => lanes.headOf(partition))
  const lanes = new Lanes(deps, (partition) => changes.announce(partition))
  const control = createIndexedControl(deps)
  return {
    ...createIndexedAppends(deps, lanes),
    ...createIndexedReads(deps, changes),
    ...control,
    async deletePartitions(topicId) {
      const outcome = await control.deletePartitions(topicId)
      lanes.forgetTopic(topicId)
      changes.announceTopic(topicId)
      return outcome
    },
    async moveLogStart(partition, before) {
      const outcome = await control.moveLogStart(partition, before)
      changes.announce(partition)
      return outcome
    },
  }
}

export function createIndexedAppends(deps: AppendDeps, lanes = new Lanes(deps, () => {})): PartitionAppends {
  return { append: (partition, entries) => lanes.of(partition).append(entries) }
}

export function createIndexedReads(deps: ReadDeps, changes = new Changes(deps, () => undefined)): PartitionReads {
  return {
    read: (partition, request) => readPartition(deps, partition, request),
    findByTimestamp: (partition, timestamp) => findByTimestamp(deps, partition, timestamp),
    describe: (partition) => describePartition(deps.index, partition),
    waitForChange: (watches, signal) => changes.wait(watches, signal),
  }
}

export function createIndexedControl(deps: ControlDeps): PartitionControl {
  return {
    createPartitions: (topicId, count) => deps.index.createHeads(topicId, count),
    deletePartitions: (topicId) => deps.index.deleteHeads(topicId),
    describe: (partition) => describePartition(deps.index, partition),
    moveLogStart: (partition, before) => moveLogStart(deps, partition, before),
    setFence: (partition, expected, next) => setFence(deps, partition, expected, next),
  }
}
