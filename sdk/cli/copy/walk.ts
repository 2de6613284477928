/** The records of one partition, of one side or of both, in order, a bounded part in memory. */
import { decodeAll } from "../../client/fetch-records.ts"
import type { BatchCodecs, BatchRecord } from "../../record-batch/types.ts"
import { type Aligned, align, type Bounds, type Position } from "./align.ts"
import type { LogEnd, PartitionOf } from "./log-end.ts"

export interface BothEnds {
  readonly source: LogEnd
  readonly target: LogEnd
  readonly codecs: BatchCodecs
}

const WALK_BYTES = 1024 ** 2

/** Reads both sides from a place that is the same up to the bounds, and tells whether they go on alike. */
export function alignBoth(
  { source, target, codecs }: BothEnds,
  at: PartitionOf,
  from: Position,
  bounds: Bounds,
  stop: AbortSignal | undefined,
  onSame?: (source: BatchRecord, target: BatchRecord) => void,
): Promise<Aligned> {
  const sides = {
    source: recordsOf(source, at, { from: from.source, to: bounds.source }, { codecs, stop }),
    target: recordsOf(target, at, { from: from.target, to: bounds.target }, { codecs, stop }),
  }
  return align(from, bounds, sides, onSame)
}

/** From an offset, or where the log begins by now, up to one that is not among them. */
export async function* recordsOf(
  { fetch, limits: { maxDecompressedBytes } }: LogEnd,
  at: PartitionOf,
  range: { readonly from: number; readonly to: number },
  { codecs, stop }: { readonly codecs: BatchCodecs; readonly stop: AbortSignal | undefined },
): AsyncGenerator<BatchRecord, void, undefined> {
  let position = range.from
  while (position < range.to) {
    const fetched = await fetch(at, position, WALK_BYTES, stop)
    if (fetched.kind === "gone") {
      position = fetched.logStartOffset
      continue
    }
    for (const batch of fetched.batches) {
      for (const record of await decodeAll(batch, { codecs, maxDecompressedBytes })) {
        if (record.offset >= range.to) return
        if (record.offset >= position) yield record
      }
    }
    if (fetched.nextOffset <= position) return
    position = fetched.nextOffset
  }
}
