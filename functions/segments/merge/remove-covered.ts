/** Removes entries of the index whose offsets an earlier segment holds too. */
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { Segment } from "../ports.ts"
import { coveredSegments } from "./decide.ts"

/**
 * Ascending: were the last one removed first, a look-up of its offsets would find the one before it, which does not reach
 * them. `segments` ascend; those that are left are given back.
 */
export async function removeCovered(
  { index }: Pick<UpkeepDependencies, "index">,
  partition: PartitionRef,
  segments: readonly Segment[],
) {
  const covered = coveredSegments(segments)
  for (const segment of covered) {
    const removed = await index.remove(partition, segment)
    if (removed.kind === "unavailable") return removed
  }
  const left = segments.filter((segment) => !covered.includes(segment))
  return { kind: "left", segments: left, removed: covered.length } as const
}
