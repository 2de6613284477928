/** Everything that has to be asked of the log and its storage when somebody looks. */
import type { DescribeOutcome, PartitionLog, PartitionRef } from "../../log/ports.ts"
import type { Family } from "./exposition.ts"
import { type GroupFiguresSource, groupFamilies } from "./group-families.ts"
import { type TopicFiguresSource, topicFamilies } from "./topic-families.ts"
import { type UpkeepStatusSource, upkeepStatusFamilies } from "./upkeep-status.ts"

export type LogFiguresSource = TopicFiguresSource & GroupFiguresSource & UpkeepStatusSource

export async function logFamilies(source: LogFiguresSource): Promise<readonly Family[]> {
  const once = { ...source, log: describedOnce(source.log) }
  const topics = await topicFamilies(once)
  return [...topics, ...(await groupFamilies(once)), ...(await upkeepStatusFamilies(source))]
}

/** A partition is described once for its topic and for all groups that read it. */
function describedOnce(log: Pick<PartitionLog, "describe">): Pick<PartitionLog, "describe"> {
  const known = new Map<string, DescribeOutcome | Promise<DescribeOutcome>>()
  return {
    describe: (partition: PartitionRef) => {
      const key = `${partition.topicId}/${partition.partition}`
      const described = known.get(key) ?? log.describe(partition)
      known.set(key, described)
      return described
    },
  }
}
