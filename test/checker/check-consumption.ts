/** What a group was given and what became of it: no record is passed over, whoever reads. */
import type { Anomaly } from "./anomaly.ts"
import { type GroupPartition, groupPartitions, isConsumed } from "./group-history.ts"
import { passedOver } from "./group-progress.ts"
import type { Operation, PollOperation } from "./operation.ts"
import { finalLog, type HistoryIndex, partitionOf } from "./partition-history.ts"

export function checkConsumption(history: readonly Operation[], index: HistoryIndex): Anomaly[] {
  const consumed = groupPartitions(history).filter(isConsumed)
  return consumed.flatMap((partition) => {
    const log = finalLog(index.partitions.get(partitionOf(partition.key)) ?? NO_HISTORY)
    return [...sequences(partition), ...(log === undefined ? [] : passedOver(partition, log))]
  })
}

const NO_HISTORY = { key: "", acks: [], fetches: [], deletes: [] }

/** A member reads on from where it was, or from where a claim says. */
function sequences({ key, claims, polls }: GroupPartition): Anomaly[] {
  const anomalies: Anomaly[] = []
  const position = new Map<string, number | undefined>()
  const steps = [...claims, ...polls].sort((left, right) => left.return - right.return || left.id - right.id)
  for (const step of steps) {
    if (step.f === "poll") {
      const expected = position.get(step.process)
      if (expected !== undefined && step.args.offset !== expected) anomalies.push(jump(key, step, expected))
    }
    position.set(step.process, step.f === "poll" ? step.nextOffset : step.offset)
  }
  return anomalies
}

function jump(key: string, { process, id, args }: PollOperation, expected: number): Anomaly {
  const kind = args.offset < expected ? "nonmonotonic-poll" : "poll-skip"
  return { kind, key, detail: `${process} was at ${expected} and poll ${id} began at ${args.offset}` }
}
