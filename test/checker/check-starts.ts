/** Where a log begins: never before where it began, and never behind where somebody asked it to. */
import type { Anomaly } from "./anomaly.ts"
import { type Mark, withHighestBefore } from "./check-time.ts"
import type { HistoryIndex, PartitionHistory } from "./partition-history.ts"

export function checkStarts(index: HistoryIndex): Anomaly[] {
  return [...index.partitions.values()].flatMap((partition) => [...regress(partition), ...overDeletion(partition)])
}

function regress({ key, fetches, deletes }: PartitionHistory): Anomaly[] {
  const marks: Mark[] = [
    ...fetches.map(({ return: at, id, logStartOffset }) => ({ at, id, offset: logStartOffset })),
    ...deletes.filter(({ type }) => type === "ok").map(({ return: at, id, offset }) => ({ at, id, offset })),
  ]
  return [...withHighestBefore(fetches, marks)]
    .filter(({ operation, highest }) => operation.logStartOffset < highest.offset)
    .map(({ operation, highest }) => {
      const detail = `fetch ${operation.id} saw the log begin at ${operation.logStartOffset}, after ${highest.id} had it at ${highest.offset}`
      return { kind: "log-start-regress", key, detail }
    })
}

/** A deletion that was asked for may show before its answer, and though its answer was lost. */
function overDeletion({ key, fetches, deletes }: PartitionHistory): Anomaly[] {
  const asked = deletes.filter(({ type }) => type !== "fail")
  return fetches
    .filter(({ logStartOffset, return: seen }) => {
      return logStartOffset > 0 && !asked.some(({ offset, call }) => call < seen && offset >= logStartOffset)
    })
    .map(({ id, logStartOffset }) => {
      return { kind: "over-deletion", key, detail: `fetch ${id} saw the log begin at ${logStartOffset}, unasked` }
    })
}
