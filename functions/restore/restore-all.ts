/** All partitions of all topics, one after another. */
import type { Unavailable, UnknownPartition } from "../log/ports.ts"
import { allTopics } from "../segments/upkeep/all-topics.ts"
import type { TopicStore } from "../topics/ports.ts"
import {
  type RestoreDependencies,
  type RestoredPartition,
  type RestoreOptions,
  restorePartition,
} from "./restore-partition.ts"

export interface PartitionReport {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly outcome: RestoredPartition | UnknownPartition | Unavailable
}

/** What failed is told and passed over: another run does the rest. Throws `StorageUnavailable` where topics cannot be listed. */
export async function* restoreAll(
  deps: RestoreDependencies & { readonly topics: Pick<TopicStore, "list"> },
  options: RestoreOptions,
): AsyncGenerator<PartitionReport> {
  for await (const { name: topic, id: topicId, partitions } of allTopics(deps.topics)) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const outcome = await restorePartition(deps, { topicId, partition }, options)
      yield { topic, topicId, partition, outcome }
    }
  }
}
