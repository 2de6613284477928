/** The records of one partition of one side, in order, a bounded part in memory. */
import { decodeAll } from "../../client/fetch-records.ts"
import type { BatchCodecs, BatchRecord } from "../../record-batch/types.ts"
import type { LogEnd, PartitionOf } from "./log-end.ts"

const WALK_BYTES = 1024 ** 2

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
