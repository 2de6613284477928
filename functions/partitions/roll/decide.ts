/**
 * When the tail moves into a page. Every byte of the head is paid again with every append, by whole write units: so the
 * roll comes before the append that would cross into another unit, and a roll costs a page and a second round trip.
 */
import type { Head } from "../ports.ts"

const WRITE_UNIT_BYTES = 1024

/** Offsets and counters grow by some digits within a generation. */
const SLACK_BYTES = 8

/** A tail in which so many bytes lie takes no more entries, whoever is about to roll it. */
export const TAIL_LIMIT_BYTES = 6 * 1024

/** A head remembers so many producers; a roll makes room by sending some to items of their own. */
export const MAX_PRODUCERS = 32
const KEPT_PRODUCERS = 24

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
 * Who leaves the head when so many producers come to it: those with nothing in the tail, the oldest ids first, as many as
 * make the next such roll some way off.
 */
export function producersToEvict(head: Head, coming: readonly number[]): readonly number[] {
  const newcomers = coming.filter((id) => !head.producers.has(id)).length
  if (head.producers.size + newcomers <= MAX_PRODUCERS) return []
  const busy = new Set([...coming, ...head.tail.flatMap(({ sequences }) => sequences.map(({ id }) => id))])
  const byAge = [...head.producers.keys()].sort((a, b) => a - b)
  const idle = byAge.filter((id) => !busy.has(id))
  const others = byAge.filter((id) => busy.has(id) && !coming.includes(id))
  const surplus = head.producers.size + newcomers - KEPT_PRODUCERS
  return [...idle, ...others].slice(0, surplus)
}
