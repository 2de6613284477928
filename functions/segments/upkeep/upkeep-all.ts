/** Upkeep of many partitions within a time: what a timer or a schedule calls. */
import type { Topic, TopicStore } from "../../topics/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import { emptyReport, type UpkeepReport } from "./report.ts"
import { type UpkeepOptions, upkeepPartition } from "./upkeep-partition.ts"

/** Where a run stopped: the next one begins there. */
export interface UpkeepCursor {
  /** Topics after this name. */
  readonly afterTopic?: string
  /** The first partition of the first of them. */
  readonly partition: number
}

export interface UpkeepRun {
  readonly report: UpkeepReport
  /** Absent where all partitions had their turn. */
  readonly next?: UpkeepCursor
}

const FROM_START: UpkeepCursor = { partition: 0 }
const TOPICS = 100

/** No partition begins after `until`, which lies ahead; one that is cut off by it goes on in its next turn. */
export async function upkeepAll(
  deps: UpkeepDependencies,
  topics: Pick<TopicStore, "list">,
  options: UpkeepOptions,
  cursor: UpkeepCursor = FROM_START,
): Promise<UpkeepRun> {
  const report = emptyReport()
  let { afterTopic, partition } = cursor
  for (;;) {
    const page = await topics.list(afterTopic === undefined ? { limit: TOPICS } : { after: afterTopic, limit: TOPICS })
    for (const topic of page.topics) {
      for (; partition < topic.partitions; partition++) {
        if (report.partitions > 0 && deps.clock.now() >= options.until)
          return { report, next: at(afterTopic, partition) }
        await upkeepOrReport(deps, topic, partition, options, report)
      }
      afterTopic = topic.name
      partition = 0
    }
    if (page.next === undefined) return { report }
    afterTopic = page.next
  }
}

/** A partition that upkeep has no answer to is not to keep it from all those behind. */
export async function upkeepOrReport(
  deps: UpkeepDependencies,
  topic: Topic,
  partition: number,
  options: UpkeepOptions,
  report: UpkeepReport,
): Promise<void> {
  try {
    await upkeepPartition(deps, topic, partition, options, report)
  } catch (error) {
    const failure = {
      kind: "defect",
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    } as const
    report.failures.push({ partition: { topicId: topic.id, partition }, topic: topic.name, failure })
  }
}

function at(afterTopic: string | undefined, partition: number): UpkeepCursor {
  return afterTopic === undefined ? { partition } : { afterTopic, partition }
}
