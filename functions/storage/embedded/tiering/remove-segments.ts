import type { PartitionsOutcome } from "../../../log/ports.ts"
import type { ObjectStore } from "../../../segments/ports.ts"
import { topicPrefix } from "../../../segments/segment/object-key.ts"
import type { TieredPartitions } from "../sqlite/index.ts"

const PAGE = 1_000

/** Removes a topic's objects, and then what names the topic: as long as anything is left, the next start finds it. */
export async function removeSegments(
  objects: Pick<ObjectStore, "list" | "remove">,
  store: Pick<TieredPartitions, "forgetTopic">,
  topicId: string,
): Promise<PartitionsOutcome> {
  for (;;) {
    const page = await objects.list({ prefix: topicPrefix(topicId), limit: PAGE })
    if (page.kind === "unavailable") return page
    if (page.objects.length === 0) return store.forgetTopic(topicId)
    const removed = await objects.remove(page.objects.map(({ key }) => key))
    if (removed.kind === "unavailable") return removed
  }
}
