/** Removes entries of the index whose offsets an earlier segment holds too. */
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { Segment } from "../ports.ts"
import { coveredSegments } from "./decide.ts"

const FIRST_BYTE = { start: 0, end: 1 }

/**
 * Ascending: were the last one removed first, a look-up of its offsets would find the one before it, which does not reach
 * them. `segments` ascend; those that are left are given back.
 *
 * A segment covers others only as long as its object is there. One without was named by a run of tiering that was paused
 * until the sweep had taken its object: then it is that entry which goes, and what it seemed to cover stays.
 */
export async function removeCovered(
  { index, objects }: Pick<UpkeepDependencies, "index" | "objects">,
  partition: PartitionRef,
  segments: readonly Segment[],
) {
  const gone = new Set<Segment>()
  for (const covered of coveredSegments(segments)) {
    const cover = segments.find(({ baseOffset, endOffset }) => {
      return baseOffset < covered.baseOffset && endOffset >= covered.endOffset
    })
    if (cover === undefined || gone.has(cover)) continue
    const object = await objects.get(cover.objectKey, FIRST_BYTE)
    if (object.kind === "unavailable") return object
    const leaving = object.kind === "missing" ? cover : covered
    const removed = await index.remove(partition, leaving)
    if (removed.kind === "unavailable") return removed
    gone.add(leaving)
  }
  const left = segments.filter((segment) => !gone.has(segment))
  return { kind: "left", segments: left, removed: gone.size } as const
}
