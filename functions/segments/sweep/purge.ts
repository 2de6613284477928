/** Removes the segments of a topic that was deleted. */
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import { topicPrefix } from "../segment/object-key.ts"

export type PurgeOutcome =
  /**
   * `more`: call again. Nothing found and no more: the topic may be forgotten, once it has been deleted for longer than
   * the grace, after which no run that began before can write.
   */
  { readonly kind: "purged"; readonly found: number; readonly more: boolean } | UpkeepFailure

export interface DeletedTopic {
  readonly topicId: string
  readonly partitions: number
}

const ENTRIES = 256
const OBJECTS = 1_000

/** Entries first, then objects, so that no entry ever names nothing. One page of each kind at most. */
export async function purgeTopic(
  deps: Pick<UpkeepDependencies, "objects" | "index">,
  { topicId, partitions }: DeletedTopic,
): Promise<PurgeOutcome> {
  for (let partition = 0; partition < partitions; partition++) {
    const entries = await removeEntries(deps, { topicId, partition })
    if (entries.kind !== "purged" || entries.found > 0) return entries
  }
  const page = await deps.objects.list({ prefix: topicPrefix(topicId), limit: OBJECTS })
  if (page.kind !== "page") return page
  const found = page.objects.length
  if (found === 0) return { kind: "purged", found, more: false }
  const removed = await deps.objects.remove(page.objects.map(({ key }) => key))
  return removed.kind === "removed" ? { kind: "purged", found, more: page.next !== undefined } : removed
}

async function removeEntries(
  { index }: Pick<UpkeepDependencies, "index">,
  partition: PartitionRef,
): Promise<PurgeOutcome> {
  const page = await index.list(partition, 0, ENTRIES)
  if (page.kind !== "segments") return page
  for (const segment of page.segments) {
    const removed = await index.remove(partition, segment)
    if (removed.kind === "unavailable") return removed
  }
  return { kind: "purged", found: page.segments.length, more: true }
}
