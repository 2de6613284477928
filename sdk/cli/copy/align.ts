/**
 * Which record of the source is which of the target. The target has the source's records in order; since they were copied
 * compaction may have removed some of either, so that offsets alone do not tell.
 */
import type { BatchRecord } from "../../record-batch/types.ts"

/** The next offset of either side: what lies before `source` lies before `target`. */
export interface Position {
  readonly source: number
  readonly target: number
}

/** How far the walk goes: to this offset of one side, or of both. */
export interface Bounds {
  readonly source: number
  readonly target: number
  readonly until: "source" | "target" | "both"
}

export type Aligned =
  | {
      readonly kind: "aligned"
      readonly position: Position
      readonly same: number
      /** Records that only one side has. */
      readonly onlySource: number
      readonly onlyTarget: number
    }
  | { readonly kind: "differ"; readonly at: Position }

/** In order, and below the bounds. */
export type Records = AsyncIterable<BatchRecord>

/**
 * Walks both sides from `from` on. A record that has no equal may be missing on the other side only if that side has a
 * hole there, so a record of somebody else is never taken for one of ours.
 */
export async function align(
  from: Position,
  bounds: Bounds,
  sides: { readonly source: Records; readonly target: Records },
  onSame: (source: BatchRecord, target: BatchRecord) => void = () => {},
): Promise<Aligned> {
  const sources = sides.source[Symbol.asyncIterator]()
  const targets = sides.target[Symbol.asyncIterator]()
  let [inSource, inTarget] = [await sources.next(), await targets.next()]
  let position = from
  const counts = { same: 0, onlySource: 0, onlyTarget: 0 }
  for (;;) {
    if (isDone(bounds.until, inSource.done === true, inTarget.done === true)) break
    const next = step(
      position,
      inSource.done ? undefined : inSource.value,
      inTarget.done ? undefined : inTarget.value,
      bounds,
    )
    if (next === undefined) return { kind: "differ", at: placeOf(inSource, inTarget, bounds) }
    position = next.position
    counts[next.took]++
    if (next.took === "same" && !inSource.done && !inTarget.done) onSame(inSource.value, inTarget.value)
    if (next.took !== "onlyTarget") inSource = await sources.next()
    if (next.took !== "onlySource") inTarget = await targets.next()
  }
  await Promise.all([sources.return?.(), targets.return?.()])
  return { kind: "aligned", position: atEnd(position, bounds), ...counts }
}

type Next = IteratorResult<BatchRecord, unknown>

function isDone(until: Bounds["until"], source: boolean, target: boolean): boolean {
  if (until === "both") return source && target
  return until === "source" ? source : target
}

function placeOf(source: Next, target: Next, bounds: Bounds): Position {
  return {
    source: source.done ? bounds.source : source.value.offset,
    target: target.done ? bounds.target : target.value.offset,
  }
}

/** What the target lacks before its end was copied once: the source goes on behind it. */
function atEnd({ source, target }: Position, bounds: Bounds): Position {
  if (bounds.until === "source") return { source: bounds.source, target }
  return { source: Math.min(source + bounds.target - target, bounds.source), target: bounds.target }
}

interface Step {
  readonly took: "same" | "onlySource" | "onlyTarget"
  readonly position: Position
}

/** Undefined: they differ there. */
function step(
  at: Position,
  source: BatchRecord | undefined,
  target: BatchRecord | undefined,
  bounds: Bounds,
): Step | undefined {
  const ahead = (source?.offset ?? bounds.source) - at.source
  const copied = (target?.offset ?? bounds.target) - at.target
  if (source !== undefined && target !== undefined && ahead >= copied && isSame(source, target)) {
    return { took: "same", position: { source: source.offset + 1, target: target.offset + 1 } }
  }
  if (source !== undefined && ahead < copied) return { took: "onlySource", position: passed(at, ahead) }
  if (target !== undefined && copied < ahead) return { took: "onlyTarget", position: passed(at, copied) }
  return undefined
}

/** Behind a record so far ahead that only one side has: the other has a hole there. */
function passed({ source, target }: Position, ahead: number): Position {
  return { source: source + ahead + 1, target: target + ahead + 1 }
}

/** In all but their offsets. */
function isSame(a: BatchRecord, b: BatchRecord): boolean {
  return (
    a.timestamp === b.timestamp &&
    isSameBytes(a.key, b.key) &&
    isSameBytes(a.value, b.value) &&
    a.headers.length === b.headers.length &&
    a.headers.every(([name, value], index) => {
      const other = b.headers[index]
      return other !== undefined && name === other[0] && isSameBytes(value, other[1])
    })
  )
}

function isSameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && Buffer.compare(a, b) === 0
}
