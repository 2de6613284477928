/**
 * When the tail moves into a page. Every byte of the head is paid again with every append, by whole write units: so the
 * roll comes before the append that would cross into another unit, and a roll costs a page and a second round trip.
 */
import { MAX_EVICTED_PRODUCERS } from "../commit-shape.ts"
import type { Head } from "../ports.ts"

const WRITE_UNIT_BYTES = 1024

/** Offsets and counters grow by some digits within a generation. */
const SLACK_BYTES = 8

export interface NextAppend {
  /** What the head takes without it, and what its entry adds, bytes. */
  readonly headBytes: number
  readonly entryBytes: number
  readonly tailEntries: number
  /** Entries that a tail holds before it rolls, whatever they cost: fewer rolls, and so fewer second round trips. */
  readonly minTailEntries: number
}

export function rollIsDue({ headBytes, entryBytes, tailEntries, minTailEntries }: NextAppend): boolean {
  if (tailEntries === 0 || tailEntries < minTailEntries) return false
  return units(headBytes + entryBytes) > units(headBytes)
}

function units(bytes: number): number {
  return Math.ceil((bytes + SLACK_BYTES) / WRITE_UNIT_BYTES)
}

/**
 * Whether the roll of this whole tail is one at which upkeep is to be told: the bytes that ever went into pages pass another
 * multiple of `nudgeBytes`. Every byte leaves the tail in one roll, whoever rolls, so of all rolls of all processes one
 * passes each multiple; no memory is needed, and nothing but what the head knows. A page is a write unit or more, so bytes
 * bound the number of pages, too. What was tiered meanwhile is not subtracted, as the head does not know its bytes: tiering
 * takes about as much at a time, and who is nudged for little goes again.
 */
export function nudgeIsDue({ bytesAppended, tail }: Pick<Head, "bytesAppended" | "tail">, nudgeBytes: number): boolean {
  const inPages = bytesAppended - tail.reduce((sum, { bytes }) => sum + bytes, 0)
  return Math.floor(bytesAppended / nudgeBytes) > Math.floor(inPages / nudgeBytes)
}

/**
 * Who leaves the head when more than `max` producers would be in it: those with nothing in the tail, the oldest ids first,
 * as many as make the next such roll some way off, but no more than a commit can name.
 */
export function producersToEvict(head: Head, coming: readonly number[], max: number): readonly number[] {
  const newcomers = coming.filter((id) => !head.producers.has(id)).length
  const after = head.producers.size + newcomers
  if (after <= max) return []
  const busy = new Set(head.tail.flatMap(({ sequences }) => sequences.map(({ id }) => id)))
  const leaving = [...head.producers.keys()].filter((id) => !coming.includes(id)).sort((a, b) => a - b)
  const idleFirst = [...leaving.filter((id) => !busy.has(id)), ...leaving.filter((id) => busy.has(id))]
  return idleFirst.slice(0, Math.min(MAX_EVICTED_PRODUCERS, after - Math.floor(max * KEPT_SHARE)))
}

const KEPT_SHARE = 3 / 4
