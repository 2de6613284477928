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

const NOTHING: ReclaimOutcome = { kind: "reclaimed", segments: 0, bytes: 0 }

/** Entries that one run looks at, unless the first says that there is nothing to do. */
const PAGE = 64

export async function reclaimPartition(
  { index, recent }: Pick<UpkeepDependencies, "index" | "recent">,
  partition: PartitionRef,
): Promise<ReclaimOutcome> {
  const found = await recent.state(partition)
  if (found.kind !== "state") return found
  const { logStartOffset } = found.state
  const first = await index.list(partition, 0, 1)
  if (first.kind !== "segments") return first
  if (first.segments.every(({ endOffset }) => endOffset > logStartOffset)) return NOTHING
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
