/** What can be read off a head or a page without asking anybody. */
import type { ProducerSequence } from "../log/ports.ts"
import { type Entry, type EntrySequence, type Head, tailBase } from "./ports.ts"

/** An entry and the offset of its first record. */
export interface PlacedEntry {
  readonly entry: Entry
  readonly baseOffset: number
}

/** Entries with their offsets, the first at `baseOffset`. */
export function withOffsets(entries: readonly Entry[], baseOffset: number): PlacedEntry[] {
  let next = baseOffset
  return entries.map((entry) => {
    const placed = { entry, baseOffset: next }
    next += entry.recordCount
    return placed
  })
}

export function tailEntries(head: Head): PlacedEntry[] {
  return withOffsets(head.tail, tailBase(head))
}

export function endOf({ entry, baseOffset }: PlacedEntry): number {
  return baseOffset + entry.recordCount
}

export function entryWithId(entries: readonly PlacedEntry[], id: string): PlacedEntry | undefined {
  return entries.find(({ entry }) => entry.id === id)
}

export interface FoundSequence {
  readonly baseOffset: number
  readonly maxTimestamp: number
}

/** Where exactly this batch of a producer lies, if in these entries. */
export function findSequence(
  entries: readonly PlacedEntry[],
  wanted: ProducerSequence,
  recordCount: number,
): FoundSequence | undefined {
  for (const { entry, baseOffset } of entries) {
    const same = entry.sequences.find((sequence) => isSame(sequence, wanted, recordCount))
    if (same !== undefined) {
      return { baseOffset: baseOffset + same.recordsBefore, maxTimestamp: same.maxTimestamp }
    }
  }
  return undefined
}

function isSame(sequence: EntrySequence, wanted: ProducerSequence, recordCount: number): boolean {
  return (
    sequence.id === wanted.id &&
    sequence.epoch === wanted.epoch &&
    sequence.sequence === wanted.sequence &&
    sequence.recordCount === recordCount
  )
}
