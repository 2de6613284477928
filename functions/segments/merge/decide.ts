/** Which neighbouring segments become one, and which are in the index for nothing. */
import type { Segment } from "../ports.ts"

export interface MergeRules {
  /** The most bytes of a segment that merging makes. */
  readonly targetBytes: number
  /** The most time, milliseconds, that a record may be kept for the sake of its new neighbours. */
  readonly maxSpanMs: number
}

/** So many segments are worth an object of their own, however small they are. */
const WORTHWHILE = 8

/** The most segments of one merge. */
const MAX_MERGED = 128

/**
 * The first neighbours that are worth merging, as many as fit; none where it is not worth it yet. Each time a byte is
 * written again its segment at least doubles, so that no byte is written more than a few times.
 * `segments` ascend.
 */
export function decideMerge(segments: readonly Segment[], rules: MergeRules): readonly Segment[] {
  for (let start = 0; start < segments.length; start++) {
    const run = longestFrom(segments, start, rules)
    if (run.length > 0) return run
  }
  return []
}

function longestFrom(segments: readonly Segment[], start: number, rules: MergeRules): readonly Segment[] {
  let best = start
  let total = 0
  let largest = 0
  const first = segments[start]
  for (let at = start; first !== undefined && at < Math.min(segments.length, start + MAX_MERGED); at++) {
    const segment = segments[at]
    if (segment === undefined || !fits(first, segments[at - 1], segment, rules, at === start)) break
    total += segment.bytes
    largest = Math.max(largest, segment.bytes)
    if (total > rules.targetBytes) break
    const count = at + 1 - start
    const worthwhile = count >= WORTHWHILE || (count > 1 && total * 2 >= rules.targetBytes)
    if (worthwhile && largest * 2 <= total) best = at + 1
  }
  return segments.slice(start, best)
}

function fits(
  first: Segment,
  previous: Segment | undefined,
  segment: Segment,
  { maxSpanMs }: MergeRules,
  isFirst: boolean,
): boolean {
  if (isFirst) return true
  // What is dense and what compaction has gone through stay apart: a gap among dense offsets would be damage.
  const alike = segment.compactedTo > 0 === first.compactedTo > 0
  const adjoins = previous?.endOffset === segment.baseOffset
  return alike && adjoins && segment.maxTimestamp - first.createdAt <= maxSpanMs
}

/** Those whose offsets an earlier one holds too, ascending: what is left of a merge, or landed after it. */
export function coveredSegments(segments: readonly Segment[]): readonly Segment[] {
  let reached = -1
  return segments.filter(({ endOffset }) => {
    if (endOffset <= reached) return true
    reached = endOffset
    return false
  })
}
