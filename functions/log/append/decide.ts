/**
 * May this batch be appended to a partition in this state? The rules of idempotent producers (Kafka's), of
 * `matchOffset` and of fences, in one place; a storage that decides in its own process calls this under its lock.
 */
import type { AppendEntry, AppendOutcome } from "../ports.ts"

/** How many batches of a producer a partition remembers, so that a retry is answered with its original offset: Kafka's five. */
export const REMEMBERED_BATCHES = 5

/** A batch that a producer appended; sequences count records and wrap at 2^31. */
export interface ProducedBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly baseOffset: number
  readonly maxTimestamp: number
}

/** What a partition knows of one producer: its newest epoch and its last batches, oldest first. */
export interface ProducerState {
  readonly epoch: number
  /** The last sequence appended in this epoch; -1 where the epoch has appended nothing. */
  readonly lastSequence: number
  readonly batches: readonly ProducedBatch[]
}

export interface AppendState {
  readonly nextOffset: number
  readonly fencingToken: string | undefined
  /** The state of the entry's producer; absent where the partition never heard of it. */
  readonly producer: ProducerState | undefined
}

export type AppendDecision =
  | { readonly kind: "accept"; readonly producer: ProducerState | undefined }
  | { readonly kind: "refuse"; readonly outcome: AppendOutcome }

const SEQUENCES = 2 ** 31

/** Sequences wrap from 2^31 - 1 to 0, as in Kafka's DefaultRecordBatch.incrementSequence. */
export function addToSequence(sequence: number, count: number): number {
  return (sequence + count) % SEQUENCES
}

/**
 * Order of the checks: a duplicate is answered with its first result whatever else was asked, so that a retry of a
 * success never turns into a failure. The fence comes before the match, as it says whether the caller may write at all.
 */
export function decideAppend(state: AppendState, entry: AppendEntry): AppendDecision {
  const sequenced = entry.producer === undefined ? undefined : decideSequence(state, entry, entry.producer)
  if (sequenced?.kind === "refuse" && sequenced.outcome.kind === "duplicate") return sequenced
  if (entry.fencingToken !== undefined && entry.fencingToken !== state.fencingToken) {
    return refuse({ kind: "fence_failed", fencingToken: state.fencingToken })
  }
  if (entry.matchOffset !== undefined && entry.matchOffset !== state.nextOffset) {
    return refuse({ kind: "match_failed", nextOffset: state.nextOffset })
  }
  return sequenced ?? { kind: "accept", producer: undefined }
}

function decideSequence(
  state: AppendState,
  entry: AppendEntry,
  producer: NonNullable<AppendEntry["producer"]>,
): AppendDecision {
  const known = state.producer
  if (known === undefined || producer.epoch > known.epoch) {
    return producer.sequence === 0 ? accept(state, entry, producer, []) : refuse({ kind: "sequence_gap", expected: 0 })
  }
  if (producer.epoch < known.epoch) return refuse({ kind: "stale_epoch", epoch: known.epoch })
  const last = addToSequence(producer.sequence, entry.recordCount - 1)
  const same = known.batches.find((batch) => batch.firstSequence === producer.sequence && batch.lastSequence === last)
  if (same !== undefined) {
    return refuse({ kind: "duplicate", baseOffset: same.baseOffset, maxTimestamp: same.maxTimestamp })
  }
  const expected = known.lastSequence === -1 ? 0 : addToSequence(known.lastSequence, 1)
  if (producer.sequence === expected) return accept(state, entry, producer, known.batches)
  return isBehind(producer.sequence, expected)
    ? refuse({ kind: "duplicate" })
    : refuse({ kind: "sequence_gap", expected })
}

/** Whether `sequence` lies in the half of the circle before `expected`: appended already, and older than what is remembered. */
function isBehind(sequence: number, expected: number): boolean {
  const ahead = (sequence - expected + SEQUENCES) % SEQUENCES
  return ahead > SEQUENCES / 2
}

function accept(
  state: AppendState,
  entry: AppendEntry,
  producer: NonNullable<AppendEntry["producer"]>,
  batches: readonly ProducedBatch[],
): AppendDecision {
  const lastSequence = addToSequence(producer.sequence, entry.recordCount - 1)
  const batch: ProducedBatch = {
    firstSequence: producer.sequence,
    lastSequence,
    baseOffset: state.nextOffset,
    maxTimestamp: entry.maxTimestamp,
  }
  const remembered = [...batches.slice(1 - REMEMBERED_BATCHES), batch]
  return { kind: "accept", producer: { epoch: producer.epoch, lastSequence, batches: remembered } }
}

function refuse(outcome: AppendOutcome): AppendDecision {
  return { kind: "refuse", outcome }
}
