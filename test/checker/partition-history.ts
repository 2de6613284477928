/** The operations of a history by partition, and an index of who appended what. */
import type { AppendOperation, DeleteOperation, FetchOperation, Operation, PollOperation } from "./operation.ts"

export interface PartitionHistory {
  readonly key: string
  /** Acknowledged appends. */
  readonly acks: AppendOperation[]
  readonly fetches: FetchOperation[]
  /** Whatever became of them. */
  readonly deletes: DeleteOperation[]
}

export interface HistoryIndex {
  readonly partitions: ReadonlyMap<string, PartitionHistory>
  /** The append of each value, whatever became of it. */
  readonly appendOf: ReadonlyMap<string, AppendOperation>
}

export function indexHistory(history: readonly Operation[]): HistoryIndex {
  const partitions = new Map<string, PartitionHistory>()
  const appendOf = new Map<string, AppendOperation>()
  const partition = (key: string): PartitionHistory => {
    const known = partitions.get(key)
    if (known !== undefined) return known
    const made: PartitionHistory = { key, acks: [], fetches: [], deletes: [] }
    partitions.set(key, made)
    return made
  }
  for (const operation of history) {
    if (operation.f === "append") {
      for (const value of operation.value) appendOf.set(value, operation)
      if (operation.type === "ok") partition(operation.key).acks.push(operation)
    } else if (operation.f === "delete") partition(operation.key).deletes.push(operation)
    else if (operation.f === "fetch" && operation.type === "ok") partition(operation.key).fetches.push(operation)
    else if (operation.f === "poll") partition(partitionOf(operation.key)).fetches.push(asFetch(operation))
  }
  return { partitions, appendOf }
}

/** `topic/0` of `group:topic/0`. */
export function partitionOf(groupKey: string): string {
  return groupKey.slice(groupKey.indexOf(":") + 1)
}

/** What a member is given has to be true of the log as any reading does. */
function asFetch(poll: PollOperation): FetchOperation {
  return { ...poll, f: "fetch", key: partitionOf(poll.key), args: { ...poll.args, seek: true } }
}

/** The partition as the last reading found it, after the faults. */
export interface FinalLog {
  readonly logStartOffset: number
  readonly valueAt: ReadonlyMap<number, string>
  readonly offsetOf: ReadonlyMap<string, number>
}

/** `undefined` where the history has no such reading. */
export function finalLog(partition: PartitionHistory): FinalLog | undefined {
  const drained = partition.fetches.filter((fetch) => fetch.args.drain)
  // A history may hold one reading for each round; the last one counts, and begins where its reader did.
  const last = drained.findLastIndex((fetch) => fetch.args.seek)
  if (last === -1) return undefined
  const reading = drained.slice(last)
  const valueAt = new Map<number, string>()
  const offsetOf = new Map<string, number>()
  for (const fetch of reading) {
    for (const [offset, value] of fetch.value) {
      valueAt.set(offset, value)
      offsetOf.set(value, offset)
    }
  }
  return { logStartOffset: reading[0]?.logStartOffset ?? 0, valueAt, offsetOf }
}
