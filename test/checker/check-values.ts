/** What each record is, and where: nothing lost, doubled, torn, moved or made up. */
import type { Anomaly } from "./anomaly.ts"
import type { AppendOperation } from "./operation.ts"
import { type FinalLog, finalLog, type HistoryIndex, type PartitionHistory } from "./partition-history.ts"

export function checkValues(index: HistoryIndex): Anomaly[] {
  return [...index.partitions.values()].flatMap((partition) => {
    const seen = whatWasSeen(partition)
    return [
      ...seen.anomalies,
      ...strangers(partition, seen.offsetOf, index),
      ...misplaced(partition, seen.offsetOf),
      ...againstFinalLog(partition, finalLog(partition), index),
    ]
  })
}

interface Seen {
  /** Where each value was read first. */
  readonly offsetOf: ReadonlyMap<string, number>
  readonly anomalies: readonly Anomaly[]
}

function whatWasSeen({ key, fetches }: PartitionHistory): Seen {
  const valueAt = new Map<number, string>()
  const offsetOf = new Map<string, number>()
  const anomalies = new Map<string, Anomaly>()
  for (const fetch of fetches) {
    for (const [offset, value] of fetch.value) {
      const before = valueAt.get(offset)
      if (before === undefined) valueAt.set(offset, value)
      else if (before !== value) {
        const detail = `offset ${offset} was ${before}, and ${value} in ${fetch.id}`
        anomalies.set(`i${offset}`, { kind: "inconsistent-offsets", key, detail })
      }
      const other = offsetOf.get(value)
      if (other === undefined) offsetOf.set(value, offset)
      else if (other !== offset) {
        const detail = `${value} lies at ${other} and at ${offset} (${fetch.id})`
        anomalies.set(`d${value}`, { kind: "duplicate", key, detail })
      }
    }
  }
  return { offsetOf, anomalies: [...anomalies.values()] }
}

/** Values that were read but must not be there. */
function strangers({ key }: PartitionHistory, seen: ReadonlyMap<string, number>, index: HistoryIndex): Anomaly[] {
  const anomalies: Anomaly[] = []
  for (const [value, offset] of seen) {
    const append = index.appendOf.get(value)
    if (append === undefined || !couldBeIn(append, key)) {
      const detail = `${value} at ${offset} ${append === undefined ? "was never appended" : `belongs to ${append.key}`}`
      anomalies.push({ kind: "phantom", key, detail })
    } else if (append.type === "fail") {
      anomalies.push({ kind: "aborted-read", key, detail: `${value} at ${offset}: append ${append.id} had failed` })
    }
  }
  return anomalies
}

function couldBeIn(append: AppendOperation, key: string): boolean {
  return append.key.endsWith("/*") ? key.startsWith(append.key.slice(0, -1)) : append.key === key
}

/** Acknowledgements against each other and against what was read. */
function misplaced({ key, acks }: PartitionHistory, seen: ReadonlyMap<string, number>): Anomaly[] {
  const anomalies: Anomaly[] = []
  const ackAt = new Map<number, AppendOperation>()
  for (const ack of acks) {
    if (ack.offset === undefined) continue
    const first = ack.offset
    ack.value.forEach((value, index) => {
      const offset = first + index
      const other = ackAt.get(offset)
      if (other !== undefined && other !== ack) {
        const detail = `offset ${offset} was given to append ${other.id} and to append ${ack.id}`
        anomalies.push({ kind: "inconsistent-offsets", key, detail })
      }
      ackAt.set(offset, ack)
      const found = seen.get(value)
      if (found !== undefined && found !== offset) {
        const detail = `append ${ack.id} says ${value} is at ${offset}, but it was read at ${found}`
        anomalies.push({ kind: "inconsistent-offsets", key, detail })
      }
    })
  }
  return anomalies
}

/** Every batch is in the log whole or not at all; an acknowledged one is. Retention may have taken its beginning. */
function againstFinalLog(
  { key, acks }: PartitionHistory,
  log: FinalLog | undefined,
  { appendOf }: HistoryIndex,
): Anomaly[] {
  if (log === undefined) return []
  const lost = acks.flatMap((ack): Anomaly[] => {
    const missing = ack.value.filter((value) => !log.offsetOf.has(value))
    if (missing.length !== ack.value.length || wasRemoved(ack, log)) return []
    return [
      { kind: "lost-write", key, detail: `append ${ack.id} (${ack.value[0]}, offset ${ack.offset}) is not there` },
    ]
  })
  const batches = new Set([...log.offsetOf.keys()].flatMap((value) => appendOf.get(value) ?? []))
  const torn = [...batches].filter((append) => !isWhole(append, log))
  return [
    ...lost,
    ...torn.map(({ id, value }): Anomaly => {
      const offsets = value.map((each) => log.offsetOf.get(each) ?? "missing")
      return { kind: "torn-batch", key, detail: `the records of append ${id} are at ${offsets.join(", ")}` }
    }),
  ]
}

function wasRemoved(ack: AppendOperation, { logStartOffset }: FinalLog): boolean {
  return ack.offset !== undefined && ack.offset + ack.value.length <= logStartOffset
}

function isWhole({ value }: AppendOperation, { offsetOf, logStartOffset }: FinalLog): boolean {
  const last = offsetOf.get(value[value.length - 1] ?? "")
  if (last === undefined) return false
  return value.every((each, index) => {
    const expected = last - (value.length - 1 - index)
    const found = offsetOf.get(each)
    return found === expected || (found === undefined && expected < logStartOffset)
  })
}
