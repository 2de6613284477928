import type { PartitionLog, Unavailable } from "../../log/ports.ts"
import type { TopicOffsets, TopicStore } from "../ports.ts"

export interface RemoveOrphansDeps {
  readonly topics: Pick<TopicStore, "list">
  readonly log: Pick<PartitionLog, "deletePartitions">
  readonly groups: TopicOffsets
}

export type RemoveOrphansResult =
  | { readonly kind: "done"; readonly removed: readonly string[] }
  /** The rest is for the next run. */
  | Unavailable

const PAGE = 1_000

/**
 * Removes partitions and committed offsets of topics that are not there: what a crash in the middle of a creation or a
 * deletion leaves. `storedIds` are the topic ids that the log and the groups hold anything for, in any order.
 *
 * Runs before the first request is served: the partitions of a topic that is just being created look like orphans.
 */
export async function removeOrphans(
  deps: RemoveOrphansDeps,
  storedIds: Iterable<string>,
): Promise<RemoveOrphansResult> {
  const orphans = new Set(storedIds)
  for await (const id of topicIds(deps)) orphans.delete(id)
  for (const id of orphans) {
    const removals = [await deps.log.deletePartitions(id), await deps.groups.forgetTopic(id)]
    const failed = removals.find((removal) => removal.kind === "unavailable")
    if (failed !== undefined) return failed
  }
  return { kind: "done", removed: [...orphans] }
}

async function* topicIds({ topics }: RemoveOrphansDeps): AsyncGenerator<string> {
  let after: string | undefined
  do {
    const page = await topics.list(after === undefined ? { limit: PAGE } : { after, limit: PAGE })
    for (const topic of page.topics) yield topic.id
    after = page.next
  } while (after !== undefined)
}
