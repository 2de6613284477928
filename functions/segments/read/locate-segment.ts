/** The segment that holds an offset. */
import type { PartitionRef } from "../../log/ports.ts"
import type { SegmentDependencies } from "../dependencies.ts"
import type { FindSegmentOutcome } from "../ports.ts"

/** How many leftovers a look-up steps over; more than a few at one place would be a fault of its own. */
const MAX_LEFTOVERS = 16

type Dependencies = Pick<SegmentDependencies, "index" | "memory">

/** From memory where one is known, otherwise from the index. */
export async function locateSegment(
  deps: Dependencies,
  partition: PartitionRef,
  offset: number,
): Promise<FindSegmentOutcome> {
  const known = deps.memory.find(partition, offset)
  return known === undefined ? findSegment(deps, partition, offset, offset) : { kind: "segment", segment: known }
}

/**
 * The nearest one with a base offset of `below` or less that reaches the offset. One that does not reach it is what a
 * merge left, or what landed after one: the segment that took its place begins further below.
 */
export async function findSegment(
  { index, memory }: Dependencies,
  partition: PartitionRef,
  offset: number,
  below: number,
): Promise<FindSegmentOutcome> {
  let from = below
  for (let step = 0; step <= MAX_LEFTOVERS && from >= 0; step++) {
    const found = await index.find(partition, from)
    if (found.kind !== "segment") return found
    if (found.segment.endOffset > offset) {
      memory.remember(partition, found.segment)
      return found
    }
    from = found.segment.baseOffset - 1
  }
  return { kind: "none" }
}
