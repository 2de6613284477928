import type { PartitionLog, Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { type GroupView, viewGroup } from "../members/view.ts"
import { readGroup } from "../membership/read-group.ts"
import { liveOffsets, type TopicCommits } from "../offsets/live-offsets.ts"
import { lagOf, type PartitionLag, totalLag } from "./decide.ts"

export type GroupLagResult =
  /** By topic name and partition. */
  | { readonly kind: "lag"; readonly partitions: readonly PartitionLag[]; readonly totalLag: number }
  | { readonly kind: "group_not_found"; readonly group: string }
  | Unavailable

type Deps = Pick<GroupDependencies, "groups" | "topics" | "sessionClock"> & {
  readonly log: Pick<PartitionLog, "describe">
}

/**
 * The lag of every partition of the topics that the group committed for or its members read, those without a committed
 * offset among them. `isShown`: of these topics only.
 */
export async function groupLag(
  deps: Deps,
  group: string,
  isShown: (topic: string) => boolean = () => true,
): Promise<GroupLagResult> {
  const [committed, found] = await Promise.all([liveOffsets(deps, group), readGroup(deps, group)])
  if (committed.kind === "unavailable") return committed
  if (found.kind === "unavailable") return found
  const view = viewGroup(found)
  if (committed.kind === "group_not_found" && view.members.length === 0) return committed
  const shown = committed.kind === "topics" ? committed.topics.filter(({ topic }) => isShown(topic.name)) : []
  const topics = await withMembers(deps, shown, view.topics.filter(isShown))
  const looked = await Promise.all(topics.flatMap((commits) => topicLag(deps, commits, view)))
  const failed = looked.find((each) => each?.kind === "unavailable")
  if (failed?.kind === "unavailable") return failed
  const partitions = looked.flatMap((each) => (each?.kind === "partition" ? each.lag : []))
  return { kind: "lag", partitions, totalLag: totalLag(partitions) }
}

/** Also topics that members read and nobody committed for yet; by name. */
async function withMembers(
  { topics }: Pick<Deps, "topics">,
  committed: readonly TopicCommits[],
  read: readonly string[],
): Promise<readonly TopicCommits[]> {
  const known = new Set(committed.map(({ topic }) => topic.name))
  const others = await Promise.all(read.filter((name) => !known.has(name)).map((name) => topics.get(name)))
  const found = others.flatMap((topic) => (topic === undefined ? [] : [{ topic, offsets: [] }]))
  return [...committed, ...found].sort((a, b) => (a.topic.name < b.topic.name ? -1 : 1))
}

type Found = { readonly kind: "partition"; readonly lag: PartitionLag } | Unavailable | undefined

function topicLag(deps: Deps, { topic, offsets }: TopicCommits, { holders }: GroupView): Promise<Found>[] {
  const committed = new Map(offsets.map((each) => [each.partition.partition, each.offset]))
  return Array.from({ length: topic.partitions }, async (_, partition): Promise<Found> => {
    const outcome = await deps.log.describe({ topicId: topic.id, partition })
    // Deleted since the topic was looked up.
    if (outcome.kind === "unknown_partition") return undefined
    if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
    const { logStartOffset, highWatermark } = outcome.state
    const committedOffset = committed.get(partition) ?? null
    const lag = lagOf(committedOffset, outcome.state)
    const memberId = holders.get(topic.id)?.[partition] ?? null
    return {
      kind: "partition",
      lag: { topic: topic.name, partition, committedOffset, logStartOffset, highWatermark, lag, memberId },
    }
  })
}
