/** The first place of the target of which it is known which one of the source it is. */
import { isSame, type Position } from "./align.ts"
import type { PartitionOf } from "./log-end.ts"
import type { CopyEnds } from "./partition-copy.ts"
import { recordsOf } from "./walk.ts"

/**
 * Every copy begins with the same offsets on both sides. Behind records that compaction took from the source they are others,
 * and where the target has let its oldest records go since, its beginning may lie there: so its first record is looked for in
 * the source. Both ends are bounds of the search. Undefined where the source has it no more.
 */
export async function commonStart(
  { source, target, codecs }: CopyEnds,
  at: PartitionOf,
  logStartOffset: number,
  ends: Position,
  stop: AbortSignal | undefined,
): Promise<Position | undefined> {
  if (logStartOffset === 0) return { source: 0, target: 0 }
  const options = { codecs, stop }
  for await (const first of recordsOf(target, at, { from: logStartOffset, to: ends.target }, options)) {
    // Copied records move up and never down.
    for await (const record of recordsOf(source, at, { from: logStartOffset, to: ends.source }, options)) {
      if (isSame(record, first)) return { source: record.offset, target: first.offset }
    }
    return undefined
  }
  return undefined
}
