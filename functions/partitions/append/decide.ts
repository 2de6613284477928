/**
 * Which of the appends that wait can go into one commit, as far as this head tells. The head may be old: what is accepted
 * here is still on the commit's own conditions.
 */
import { addToSequence, decideAppend, type ProducerState } from "../../log/append/decide.ts"
import type { AppendEntry, AppendOutcome, ProducerSequence } from "../../log/ports.ts"
import { MAX_ADVANCED_PRODUCERS } from "../commit-shape.ts"
import type { Commit, EntrySequence, Head, ProducerAdvance, ProducerPosition } from "../ports.ts"

/** Bounds of one commit: its batches have to fit an object, and no append should wait long for others. */
const MAX_GROUP_BATCHES = 64
const MAX_GROUP_BYTES = 4 * 1024 * 1024

/**
 * How many of the first entries may share a commit: one that names an offset or a fence goes alone, and a producer's epochs
 * do not share one, as each is on a condition of its own; nor do more producers than a commit can name.
 */
export function groupLength(waiting: readonly AppendEntry[]): number {
  let bytes = 0
  let length = 0
  const epochs = new Map<number, number>()
  for (const entry of waiting) {
    if (isConditional(entry)) return Math.max(length, 1)
    const { producer } = entry
    bytes += entry.batch.length
    if (length > 0 && (bytes > MAX_GROUP_BYTES || length === MAX_GROUP_BATCHES)) break
    if (producer !== undefined) {
      if ((epochs.get(producer.id) ?? producer.epoch) !== producer.epoch) break
      if (!epochs.has(producer.id) && epochs.size === MAX_ADVANCED_PRODUCERS) break
      epochs.set(producer.id, producer.epoch)
    }
    length += 1
  }
  return length
}

function isConditional(entry: AppendEntry): boolean {
  return entry.matchOffset !== undefined || entry.fencingToken !== undefined
}

export type PlannedAppend =
  /** `before`: records of the group that come before it. */
  | { readonly kind: "accepted"; readonly entry: AppendEntry; readonly before: number }
  /** The same sequence as another append of this group, which has so many records before it. */
  | { readonly kind: "same_as"; readonly before: number; readonly maxTimestamp: number }
  | { readonly kind: "refused"; readonly entry: AppendEntry; readonly outcome: AppendOutcome }

export interface GroupPlan {
  /** One for each entry, in their order. */
  readonly appends: readonly PlannedAppend[]
  readonly recordCount: number
  readonly sequences: readonly EntrySequence[]
  readonly producers: readonly ProducerAdvance[]
  /** Producers were looked up beside the head: only its generation will do. */
  readonly exact: boolean
}

/** `spilled`: the positions of producers that the head no longer holds, read after the head; undefined where there is none. */
export function planGroup(
  head: Head,
  entries: readonly AppendEntry[],
  spilled: ReadonlyMap<number, ProducerPosition | undefined>,
): GroupPlan {
  const producers = new Map<number, { position: ProducerPosition; state: ProducerState }>()
  const appends: PlannedAppend[] = []
  const sequences: EntrySequence[] = []
  let records = 0
  for (const entry of entries) {
    const { producer } = entry
    const before = producer && (producers.get(producer.id) ?? known(head, spilled, producer.id))
    const state = { nextOffset: records, fencingToken: head.fencingToken, producer: before?.state }
    // Offsets count from the group's first record here, for a conditional entry from the log's.
    const decision = decideAppend(isConditional(entry) ? { ...state, nextOffset: head.nextOffset } : state, entry)
    if (decision.kind === "refuse") {
      appends.push(refusal(entry, decision.outcome))
      continue
    }
    appends.push({ kind: "accepted", entry, before: records })
    if (producer !== undefined && decision.producer !== undefined) {
      producers.set(producer.id, { position: advance(before?.position, entry, producer), state: decision.producer })
      const { recordCount, maxTimestamp } = entry
      sequences.push({ ...producer, recordCount, recordsBefore: records, maxTimestamp })
    }
    records += entry.recordCount
  }
  const advances = [...producers].map(([id, { position }]) => advanceOf(head, spilled, id, position))
  return {
    appends,
    recordCount: records,
    sequences,
    producers: advances,
    exact: advances.some(({ evenIfSpilled }) => evenIfSpilled === true),
  }
}

function refusal(entry: AppendEntry, outcome: AppendOutcome): PlannedAppend {
  if (outcome.kind !== "duplicate" || outcome.baseOffset === undefined) return { kind: "refused", entry, outcome }
  // Only batches of this very group are remembered with an offset.
  return { kind: "same_as", before: outcome.baseOffset, maxTimestamp: outcome.maxTimestamp ?? -1 }
}

function known(head: Head, spilled: ReadonlyMap<number, ProducerPosition | undefined>, id: number) {
  const position = head.producers.get(id) ?? spilled.get(id)
  if (position === undefined) return undefined
  return { position, state: stateOf(position) }
}

/** Which batches it was is not in the head: they are looked for where they lie. */
function stateOf({ epoch, lastSequence }: ProducerPosition): ProducerState {
  return { epoch, lastSequence, batches: [] }
}

function advance(
  before: ProducerPosition | undefined,
  { recordCount }: AppendEntry,
  { epoch, sequence }: ProducerSequence,
): ProducerPosition {
  const lastSequence = addToSequence(sequence, recordCount - 1)
  const laps = before === undefined || before.epoch !== epoch ? 0 : before.laps
  const wentRound = lastSequence < sequence || (before?.epoch === epoch && sequence < before.lastSequence)
  return { epoch, laps: wentRound ? laps + 1 : laps, lastSequence }
}

function advanceOf(
  head: Head,
  spilled: ReadonlyMap<number, ProducerPosition | undefined>,
  id: number,
  to: ProducerPosition,
): ProducerAdvance {
  const from = head.producers.get(id)
  if (from !== undefined) return { id, from, to }
  return { id, from: "new", to, ...(spilled.has(id) && { evenIfSpilled: true }) }
}

/** The producers of these entries that may be known beside the head. */
export function producersToLookUp(head: Head, entries: readonly AppendEntry[]): readonly number[] {
  if (!head.spilled) return []
  const ids = entries.flatMap(({ producer }) => (producer && !head.producers.has(producer.id) ? [producer.id] : []))
  return [...new Set(ids)]
}

/** What the caller asked for, as conditions of the commit. A group of several has none. */
export function conditionsOf(entries: readonly AppendEntry[]): Pick<Commit, "nextOffset" | "fencingToken"> {
  const [entry, other] = entries
  if (entry === undefined || other !== undefined) return {}
  return {
    ...(entry.matchOffset !== undefined && { nextOffset: entry.matchOffset }),
    ...(entry.fencingToken !== undefined && { fencingToken: entry.fencingToken }),
  }
}

/** Whether the producer's position is past this batch: it was appended, by whichever attempt. */
export function isAppended(head: Head, { producer, recordCount, batch, maxTimestamp }: AppendEntry): boolean {
  const position = producer && head.producers.get(producer.id)
  if (producer === undefined || position === undefined) return false
  const state = { nextOffset: 0, fencingToken: undefined, producer: stateOf(position) }
  const decision = decideAppend(state, { producer, recordCount, batch, maxTimestamp })
  return decision.kind === "refuse" && decision.outcome.kind === "duplicate"
}
