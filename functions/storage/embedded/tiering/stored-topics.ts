import type { Unavailable } from "../../../log/ports.ts"
import type { ObjectStore } from "../../../segments/ports.ts"
import { SEGMENTS_PREFIX, topicPrefix } from "../../../segments/segment/object-key.ts"

/** Behind every key of a topic: no key holds this character. */
const BEHIND = "~"

/** The ids of the topics that have objects, whether anything else knows them or not. */
export async function topicsWithObjects(objects: Pick<ObjectStore, "list">): Promise<readonly string[] | Unavailable> {
  const topicIds: string[] = []
  for (let after = SEGMENTS_PREFIX; ; ) {
    const page = await objects.list({ prefix: SEGMENTS_PREFIX, after, limit: 1 })
    if (page.kind === "unavailable") return page
    const topicId = page.objects[0]?.key.slice(SEGMENTS_PREFIX.length).split("/")[0]
    if (topicId === undefined) return topicIds
    topicIds.push(topicId)
    after = topicPrefix(topicId) + BEHIND
  }
}
