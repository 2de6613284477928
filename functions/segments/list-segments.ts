/** All entries of a partition's index. */
import type { PartitionRef, Unavailable } from "../log/ports.ts"
import type { Segment, SegmentIndex } from "./ports.ts"

const PAGE = 64

/** Those with a base offset of `from` or more and less than `before`, ascending. */
export async function listSegments(
  index: Pick<SegmentIndex, "list">,
  partition: PartitionRef,
  from: number,
  before: number,
): Promise<Segment[] | Unavailable> {
  const segments: Segment[] = []
  let next = from
  for (;;) {
    const page = await index.list(partition, next, PAGE)
    if (page.kind !== "segments") return page
    segments.push(...page.segments.filter(({ baseOffset }) => baseOffset < before))
    const last = page.segments.at(-1)
    if (!page.more || last === undefined || last.baseOffset >= before) return segments
    next = last.baseOffset + 1
  }
}
