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
