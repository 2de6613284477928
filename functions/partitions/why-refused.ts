/** Why a commit was refused, for whoever counts: by the head as it was then. */
import type { ConditionReason } from "../log/storage-observer.ts"
import type { Commit, Head, ProducerAdvance } from "./ports.ts"

/** Of several reasons the one that its sender would see first. */
export function whyRefused(commit: Commit, head: Head): ConditionReason {
  const { generation, entry, tail, nextOffset, fencingToken, producers } = commit
  if (entry !== undefined && head.tail.some(({ id }) => id === entry.id)) return "repeated"
  const passes = "exactly" in generation ? head.generation === generation.exactly : head.generation <= generation.atMost
  if (!passes) return "generation"
  if (nextOffset !== undefined && head.nextOffset !== nextOffset) return "position"
  if (fencingToken !== undefined && head.fencingToken !== fencingToken) return "fence"
  const ofProducer = producers.map((advance) => whyNotAdvanced(advance, head)).find((reason) => reason !== undefined)
  if (ofProducer !== undefined) return ofProducer
  if (tail.kind === "append" && head.tailBytes >= tail.limit) return "tail_full"
  // What is left: a producer that was to be forgotten has appended meanwhile.
  return "sequence"
}

function whyNotAdvanced({ id, from, to, evenIfSpilled }: ProducerAdvance, head: Head): ConditionReason | undefined {
  const position = head.producers.get(id)
  if (from === "new") {
    if (position !== undefined) return position.epoch < to.epoch ? undefined : "epoch"
    return head.spilled && evenIfSpilled !== true ? "spilled" : undefined
  }
  if (position?.epoch !== from.epoch) return "epoch"
  return position.lastSequence === from.lastSequence && position.laps === from.laps ? undefined : "sequence"
}
