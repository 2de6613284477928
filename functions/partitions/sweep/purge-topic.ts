/** Removes what a deleted topic left in the index and among the objects, a bounded piece at a time. */
import type { PartitionRef, Unavailable } from "../../log/ports.ts"
import type { PartitionsDeps } from "../dependencies.ts"
import { objectPrefix } from "../place/place.ts"
import { dropPages } from "../recent-log.ts"

export type PurgeOutcome =
  /** Nothing was left: the topic is forgotten. */
  | { readonly kind: "forgotten" }
  /** Something was removed. What is under way may still land, so that only a later run that finds nothing forgets the topic. */
  | { readonly kind: "removed" }
  | Unavailable

const LIST_KEYS = 1_000
/** Pieces of work for one partition in one call. */
const MAX_STEPS = 64

/** `hasSegments`: whether the caller found segments of the topic, which are not this feature's. */
export async function purgeTopic(deps: PartitionsDeps, topicId: string, hasSegments: boolean): Promise<PurgeOutcome> {
  const topic = await deps.index.topicPartitions(topicId)
  if (topic.kind === "unavailable") return topic
  const count = topic.kind === "partitions" && topic.deleted ? topic.count : 0
  if (count > 0) {
    // A deletion that was stopped half-way left heads, which take appends until they are gone.
    const deleted = await deps.index.deleteHeads(topicId)
    if (deleted.kind === "unavailable") return deleted
  }
  let found = hasSegments
  for (let partition = 0; partition < count; partition += 1) {
    const purged = await purgePartition(deps, { topicId, partition })
    if (purged.kind === "unavailable") return purged
    found ||= purged.found
  }
  if (found) return { kind: "removed" }
  const forgotten = await deps.index.forgetTopic(topicId)
  return forgotten.kind === "unavailable" ? forgotten : { kind: "forgotten" }
}

type Purged = { readonly kind: "purged"; readonly found: boolean } | Unavailable

async function purgePartition(deps: PartitionsDeps, partition: PartitionRef): Promise<Purged> {
  let found = false
  for (const step of [purgePages, purgeItems, purgeObjects]) {
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const outcome = await step(deps, partition)
      if (outcome.kind === "unavailable") return outcome
      if (!outcome.found) break
      found = true
    }
  }
  const spilled = await deps.index.removeSpilled(partition)
  return spilled.kind === "unavailable" ? spilled : { kind: "purged", found }
}

async function purgePages(deps: PartitionsDeps, partition: PartitionRef): Promise<Purged> {
  const pages = await deps.index.pagesAfter(partition, 0, 1)
  if (pages.kind === "unavailable") return pages
  if (pages.pages.length === 0) return { kind: "purged", found: false }
  const dropped = await dropPages(deps, partition, Number.MAX_SAFE_INTEGER)
  return dropped.kind === "unavailable" ? dropped : { kind: "purged", found: true }
}

async function purgeItems({ index }: PartitionsDeps, partition: PartitionRef): Promise<Purged> {
  const page = await index.listItems(partition)
  if (page.kind === "unavailable") return page
  if (page.keys.length === 0) return { kind: "purged", found: false }
  const removed = await index.removeItems(partition, page.keys)
  return removed.kind === "unavailable" ? removed : { kind: "purged", found: true }
}

async function purgeObjects({ objects }: PartitionsDeps, partition: PartitionRef): Promise<Purged> {
  const page = await objects.list({ prefix: objectPrefix(partition), limit: LIST_KEYS })
  if (page.kind === "unavailable") return page
  if (page.objects.length === 0) return { kind: "purged", found: false }
  const removed = await objects.remove(page.objects.map(({ key }) => key))
  return removed.kind === "unavailable" ? removed : { kind: "purged", found: true }
}
