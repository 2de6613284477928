/** What one reader sees from fetch to fetch: no hole, no step back, nothing that it never gets. */
import type { Anomaly } from "./anomaly.ts"
import type { FetchOperation } from "./operation.ts"
import { finalLog, type HistoryIndex, type PartitionHistory } from "./partition-history.ts"

export function checkReaders(index: HistoryIndex): Anomaly[] {
  return [...index.partitions.values()].flatMap((partition) => [...sequences(partition), ...unseen(partition)])
}

function sequences({ key, fetches }: PartitionHistory): Anomaly[] {
  const anomalies: Anomaly[] = []
  const position = new Map<string, number>()
  for (const fetch of fetches) {
    const expected = fetch.args.seek ? undefined : position.get(fetch.process)
    anomalies.push(...withinFetch(key, fetch))
    const first = fetch.value[0]?.[0]
    if (expected !== undefined && fetch.args.offset !== expected) {
      const kind = fetch.args.offset < expected ? "nonmonotonic-poll" : "poll-skip"
      anomalies.push({
        kind,
        key,
        detail: `${fetch.process} was at ${expected} and fetch ${fetch.id} began at ${fetch.args.offset}`,
      })
    } else if (first !== undefined && first < fetch.args.offset) {
      anomalies.push({
        kind: "nonmonotonic-poll",
        key,
        detail: `fetch ${fetch.id} from ${fetch.args.offset} answered ${first}`,
      })
    }
    position.set(fetch.process, fetch.nextOffset)
  }
  return anomalies
}

/** The answer is a prefix of the log from the offset on, without a hole, and says where to go on. */
function withinFetch(key: string, fetch: FetchOperation): Anomaly[] {
  let expected = fetch.args.offset
  for (const [offset] of fetch.value) {
    if (offset > expected) return [skip(key, fetch, `${expected} is missing before ${offset}`)]
    if (offset < expected && offset !== fetch.value[0]?.[0]) {
      return [{ kind: "nonmonotonic-poll", key, detail: `fetch ${fetch.id} answered ${offset} after ${expected - 1}` }]
    }
    expected = offset + 1
  }
  if (fetch.nextOffset > expected) return [skip(key, fetch, `nextOffset is ${fetch.nextOffset} after ${expected - 1}`)]
  return []
}

function skip(key: string, fetch: FetchOperation, what: string): Anomaly {
  return { kind: "poll-skip", key, detail: `fetch ${fetch.id} from ${fetch.args.offset}: ${what}` }
}

/** What is in the log and was acknowledged has to reach the readers that follow the partition. */
function unseen(partition: PartitionHistory): Anomaly[] {
  const followed = partition.fetches.filter((fetch) => !fetch.args.seek && !fetch.args.drain)
  const log = finalLog(partition)
  if (followed.length === 0 || log === undefined) return []
  const delivered = new Set(followed.flatMap((fetch) => fetch.value.map(([, value]) => value)))
  return partition.acks.flatMap((ack) =>
    ack.value
      .filter((value) => log.offsetOf.has(value) && !delivered.has(value))
      .map((value): Anomaly => ({ kind: "unseen", key: partition.key, detail: `${value} of append ${ack.id}` })),
  )
}
