/** The log over an index and objects: what `PartitionLog` promises, by the append protocol. */
import type { PartitionLog, PartitionRef } from "../log/ports.ts"
import { Lane } from "./append/lane.ts"
import type { PartitionsDeps } from "./dependencies.ts"
import { moveLogStart } from "./move-log-start.ts"
import { findByTimestamp } from "./read/find-by-timestamp.ts"
import { readPartition } from "./read/read.ts"
import { setFence } from "./set-fence.ts"
import { Changes, keyOf } from "./wait-for-change.ts"

/** Partitions whose heads are remembered between appends. */
const MAX_LANES = 10_000

export function createIndexedLog(deps: PartitionsDeps): PartitionLog {
  const lanes = new Map<string, Lane>()
  const changes = new Changes(deps, (partition) => lanes.get(keyOf(partition))?.head)
  const laneOf = (partition: PartitionRef) => {
    const key = keyOf(partition)
    const lane = lanes.get(key) ?? new Lane(deps, partition, () => changes.announce(partition))
    // The newest last, so that those first in line to be forgotten are the ones unused for longest.
    lanes.delete(key)
    lanes.set(key, lane)
    if (lanes.size > MAX_LANES) forgetOne(lanes)
    return lane
  }
  return {
    createPartitions: (topicId, count) => deps.index.createHeads(topicId, count),
    async deletePartitions(topicId) {
      const outcome = await deps.index.deleteHeads(topicId)
      for (const key of lanes.keys()) if (key.startsWith(`${topicId}/`)) lanes.get(key)?.forgetHead()
      changes.announceTopic(topicId)
      return outcome
    },
    append: (partition, entries) => laneOf(partition).append(entries),
    read: (partition, request) => readPartition(deps, partition, request),
    findByTimestamp: (partition, timestamp) => findByTimestamp(deps, partition, timestamp),
    async describe(partition) {
      const read = await deps.index.head(partition)
      if (read.kind !== "head") return read.kind === "unavailable" ? { ...read, sideEffects: "none" } : read
      const { logStartOffset, nextOffset, fencingToken, bytesAppended, bytesBelowStart } = read.head
      const sizeInBytes = Math.max(0, bytesAppended - bytesBelowStart)
      return { kind: "partition", state: { logStartOffset, highWatermark: nextOffset, fencingToken, sizeInBytes } }
    },
    async moveLogStart(partition, before) {
      const outcome = await moveLogStart(deps, partition, before)
      changes.announce(partition)
      return outcome
    },
    setFence: (partition, expected, next) => setFence(deps, partition, expected, next),
    waitForChange: (watches, signal) => changes.wait(watches, signal),
  }
}

function forgetOne(lanes: Map<string, Lane>): void {
  for (const [key, lane] of lanes) {
    if (!lane.idle) continue
    lanes.delete(key)
    return
  }
}
