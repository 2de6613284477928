/**
 * Takes segments that lie wholly below the log start out of the index. Their objects are left to the sweep: no entry names
 * them any more, and that is all that has to be remembered.
 */
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"

export type ReclaimOutcome =
  | { readonly kind: "reclaimed"; readonly segments: number; readonly bytes: number }
  | UpkeepFailure

/** Entries that one run looks at. */
const PAGE = 256

export async function reclaimPartition(
  { index, recent }: Pick<UpkeepDependencies, "index" | "recent">,
  partition: PartitionRef,
): Promise<ReclaimOutcome> {
  const found = await recent.state(partition)
  if (found.kind !== "state") return found
  const { logStartOffset } = found.state
  const oldest = await index.list(partition, 0, PAGE)
  if (oldest.kind !== "segments") return oldest
  let segments = 0
  let bytes = 0
  for (const segment of oldest.segments) {
    if (segment.endOffset > logStartOffset) continue
    const removed = await index.remove(partition, segment)
    if (removed.kind === "unavailable") return removed
    if (removed.kind === "lost") continue
    segments++
    bytes += segment.bytes
  }
  return { kind: "reclaimed", segments, bytes }
}
