/** What storage says of a commit, in the order of the call. */
import type { PartitionRef } from "../../log/ports.ts"
import type { CommitOutcome, CommittedOffset } from "../ports.ts"
import type { CommitRefusal } from "./decide.ts"

/** What stood in the way of these offsets. */
export function refusalsOf(
  offsets: readonly CommittedOffset[],
  outcome: Extract<CommitOutcome, { kind: "regressed" | "fenced" }>,
): CommitRefusal[] {
  return offsets.flatMap(({ partition: ref, topic }, index): CommitRefusal[] => {
    const at = { index, topic, partition: ref.partition }
    if (outcome.kind === "fenced") {
      const found = outcome.fenced.find((each) => isSame(each.partition, ref))
      return found === undefined ? [] : [{ kind: "fenced", epoch: found.epoch, ...at }]
    }
    const found = outcome.regressed.find((each) => isSame(each.partition, ref))
    return found === undefined ? [] : [{ kind: "regressed", committed: found.committed, ...at }]
  })
}

export function isSame(a: PartitionRef, b: PartitionRef): boolean {
  return a.topicId === b.topicId && a.partition === b.partition
}
