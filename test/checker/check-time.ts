/** Real time: what was over before something began comes before it. */
import type { Anomaly } from "./anomaly.ts"
import type { AppendOperation, FetchOperation } from "./operation.ts"
import type { HistoryIndex, PartitionHistory } from "./partition-history.ts"

export function checkTime(index: HistoryIndex): Anomaly[] {
  return [...index.partitions.values()].flatMap((partition) => [...order(partition), ...stale(partition)])
}

export interface Mark {
  readonly at: number
  readonly offset: number
  readonly id: number
}

const byTime = (left: Mark, right: Mark) => left.at - right.at

/**
 * For each of `later`, by its time: the highest mark of `earlier` that was over before it. One pass over both, sorted,
 * so that a long history costs little more than a short one.
 */
export function* withHighestBefore<T extends { readonly call: number }>(
  later: readonly T[],
  earlier: readonly Mark[],
): Generator<{ readonly operation: T; readonly highest: Mark }> {
  const marks = [...earlier].sort(byTime)
  let next = 0
  let highest: Mark | undefined
  for (const operation of [...later].sort((left, right) => left.call - right.call)) {
    for (let mark = marks[next]; mark !== undefined && mark.at < operation.call; mark = marks[++next]) {
      if (highest === undefined || mark.offset > highest.offset) highest = mark
    }
    if (highest !== undefined) yield { operation, highest }
  }
}

/** An append that was acknowledged before another was sent lies before it. */
function order({ key, acks }: PartitionHistory): Anomaly[] {
  const placed = acks.filter(hasOffset)
  const marks = placed.map((ack) => ({ at: ack.return, offset: ack.offset, id: ack.id }))
  return [...withHighestBefore(placed, marks)]
    .filter(({ operation, highest }) => operation.offset < highest.offset)
    .map(({ operation, highest }) => {
      const detail = `append ${operation.id} got ${operation.offset}, though append ${highest.id} had ${highest.offset} before it was sent`
      return { kind: "realtime-order", key, detail }
    })
}

function hasOffset(ack: AppendOperation): ack is AppendOperation & { readonly offset: number } {
  return ack.offset !== undefined
}

/** A fetch knows of everything that was acknowledged, and of every high watermark seen, before it began. */
function stale({ key, acks, fetches }: PartitionHistory): Anomaly[] {
  const acknowledged = acks.filter(hasOffset).map((ack) => mark(ack, ack.offset + ack.value.length))
  const seen = fetches.map((fetch) => mark(fetch, fetch.highWatermark))
  const behind = [...withHighestBefore(fetches, [...acknowledged, ...seen])]
    .filter(({ operation, highest }) => operation.highWatermark < highest.offset)
    .map(({ operation, highest }): Anomaly => {
      const detail = `fetch ${operation.id} saw the high watermark at ${operation.highWatermark}, after ${highest.id} saw ${highest.offset}`
      return { kind: "stale-read", key, detail }
    })
  const empty = fetches
    .filter((fetch) => fetch.value.length === 0 && fetch.args.offset < fetch.highWatermark)
    .map((fetch): Anomaly => {
      return {
        kind: "stale-read",
        key,
        detail: `fetch ${fetch.id} from ${fetch.args.offset} answered nothing below ${fetch.highWatermark}`,
      }
    })
  return [...behind, ...empty]
}

function mark(operation: AppendOperation | FetchOperation, offset: number): Mark {
  return { at: operation.return, offset, id: operation.id }
}
