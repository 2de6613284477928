/** Upkeep of the partitions that somebody names, and of no others. */
import type { PartitionRef } from "../../log/ports.ts"
import type { Topic, TopicStore } from "../../topics/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import { allTopics } from "./all-topics.ts"
import { emptyReport, type UpkeepReport } from "./report.ts"
import { upkeepOrReport } from "./upkeep-all.ts"

/** Each once, however often it is named. Of a topic that is gone there is nothing to do. Never sweeps. */
export async function upkeepSome(
  deps: UpkeepDependencies,
  topics: Pick<TopicStore, "list">,
  partitions: readonly PartitionRef[],
  until: number,
): Promise<UpkeepReport> {
  const report = emptyReport()
  const wanted = Map.groupBy(partitions, ({ topicId }) => topicId)
  for await (const topic of topicsOf(topics, new Set(wanted.keys()))) {
    const numbers = new Set(wanted.get(topic.id)?.map(({ partition }) => partition))
    for (const partition of numbers) {
      if (partition < topic.partitions) await upkeepOrReport(deps, topic, partition, { until, sweep: false }, report)
    }
  }
  return report
}

/** Topics are stored by name, and a partition knows the id of its topic alone. */
async function* topicsOf(topics: Pick<TopicStore, "list">, ids: Set<string>): AsyncGenerator<Topic> {
  if (ids.size === 0) return
  for await (const topic of allTopics(topics)) {
    if (ids.delete(topic.id)) yield topic
    if (ids.size === 0) return
  }
}
