/** Where the copy of a partition goes on, once what the target holds is checked against the source. Writes nothing. */
import type { Position } from "./align.ts"
import { decideStart, type PartitionState } from "./decide-start.ts"
import type { PartitionOf } from "./log-end.ts"
import { type CopyEnds, strangerAmongFillers } from "./partition-copy.ts"
import { alignBoth } from "./walk.ts"

export type FoundStart =
  | {
      readonly kind: "found"
      readonly position: Position
      /** A copy was ended before it deleted them: they lie up to the position. */
      readonly hasFillers: boolean
    }
  | { readonly kind: "refused"; readonly reason: string }

/** Records compared where nothing is known of the target. */
const COMPARED = 100

export async function findStart(
  ends: CopyEnds,
  at: PartitionOf,
  state: PartitionState,
  stop: AbortSignal,
): Promise<FoundStart> {
  const { source, target } = state
  const start = decideStart(state)
  switch (start.kind) {
    case "begin":
      return found(start.position)
    case "refuse":
      return { kind: "refused", reason: start.reason }
    case "fillers": {
      const end = target.highWatermark
      const stranger = await strangerAmongFillers(ends, at, { from: start.from, to: end }, stop)
      return stranger === undefined
        ? found({ source: end, target: end }, true)
        : refused("it holds records that the source no longer has")
    }
    case "align":
      return aligned(ends, at, start.from, { source: source.highWatermark, target: target.highWatermark }, 0, stop)
    case "compare": {
      const end = target.highWatermark
      const from = Math.max(end - COMPARED, source.logStartOffset, target.logStartOffset)
      return aligned(ends, at, { source: from, target: from }, { source: end, target: end }, 1, stop)
    }
  }
}

/** All that the target holds from there on has to be the source's, and at least so many records of it still be there. */
async function aligned(
  ends: CopyEnds,
  at: PartitionOf,
  from: Position,
  end: Position,
  least: number,
  stop: AbortSignal,
): Promise<FoundStart> {
  const result = await alignBoth(ends, at, from, { ...end, until: "target" }, stop)
  if (result.kind === "differ") return refused(`the record at offset ${result.at.target} is not the source's`)
  if (result.same < least) return refused("none of its last records is the source's")
  return found(result.position)
}

function found(position: Position, hasFillers = false): FoundStart {
  return { kind: "found", position, hasFillers }
}

function refused(reason: string): FoundStart {
  return { kind: "refused", reason }
}
