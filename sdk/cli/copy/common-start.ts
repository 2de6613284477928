/** The first record that both sides have. */
import type { Position } from "./align.ts"
import type { PartitionOf } from "./log-end.ts"
import type { CopyEnds } from "./partition-copy.ts"
import { digestOf } from "./record-digest.ts"
import { recordsOf } from "./walk.ts"

/** Records of the target that are looked for by one walk of the source: the first alone, mostly it is there, then ever more. */
const SOUGHT = { first: 1, times: 100, most: 100_000 } as const

/**
 * Every copy begins with the same offsets on both sides. Behind records that compaction took from the source they are others,
 * and either side may have let its oldest records go since. Both ends are bounds of the search. Of records that hold the same
 * the target's first one counts, so that none is skipped. Undefined where the sides have no record in common.
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
  const sought = new Map<string, number>()
  const find = async (): Promise<Position | undefined> => {
    // Copied records move up and never down.
    for await (const record of recordsOf(source, at, { from: logStartOffset, to: ends.source }, options)) {
      const inTarget = sought.get(digestOf(record))
      if (inTarget !== undefined) return { source: record.offset, target: inTarget }
    }
    return undefined
  }
  let most: number = SOUGHT.first
  for await (const record of recordsOf(target, at, { from: logStartOffset, to: ends.target }, options)) {
    const digest = digestOf(record)
    if (!sought.has(digest)) sought.set(digest, record.offset)
    if (sought.size < most) continue
    const found = await find()
    if (found !== undefined) return found
    sought.clear()
    most = Math.min(most * SOUGHT.times, SOUGHT.most)
  }
  return sought.size === 0 ? undefined : find()
}
