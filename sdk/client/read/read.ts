/** `topic.read`: an iterator over the records of some or all partitions. */
import { limits } from "../../protocol/limits.ts"
import { invalidArgument } from "../errors.ts"
import type { ConsumerRecord } from "../records.ts"
import type { Topic } from "../topic.ts"
import type { Transport } from "../transport.ts"
import { mergeChunks } from "./merge.ts"
import { PartitionReader } from "./partition-reader.ts"
import { type ReadStart, rangesOf, timestampOf } from "./start-offsets.ts"
import { TailWatch } from "./tail-watch.ts"

export interface ReadOptions {
  /** Default `earliest`. */
  readonly from?: ReadStart | undefined
  readonly partition?: number | undefined
  /** Default: all. */
  readonly partitions?: readonly number[] | undefined
  /** Go on waiting for records at the end, until `signal` aborts or the loop is left. Default false. */
  readonly follow?: boolean | undefined
  /** Without `follow` a read stops at the end as it was when it began: `latest`, the only value there is. */
  readonly to?: "latest" | undefined
  /** The most bytes of one fetch. Default: 1 MiB, or less where many partitions share 32 MiB. */
  readonly batchBytes?: number | undefined
  /** How long one request of a follower waits at the end, milliseconds. Default 20 s. */
  readonly waitMs?: number | undefined
  /** What to do where the offset is not there (any more). Default `none`: an OffsetOutOfRangeError. */
  readonly autoOffsetReset?: "earliest" | "latest" | "none" | undefined
  readonly signal?: AbortSignal | undefined
}

const MiB = 1024 ** 2
const MIN_BATCH_BYTES = 16 * 1024
const READ_MEMORY = 32 * MiB
const DEFAULT_WAIT_MS = 20_000

export async function* readTopic<K, V, KIn, VIn>(
  topic: Topic<K, V, KIn, VIn>,
  options: ReadOptions,
  transport: Transport,
): AsyncGenerator<ConsumerRecord<K, V>, void, undefined> {
  const { from = "earliest", follow = false, to, waitMs = DEFAULT_WAIT_MS, autoOffsetReset = "none" } = options
  if (follow && to !== undefined) throw invalidArgument("A read either follows or ends: give follow or to, not both.")
  const leaving = new AbortController()
  const onAbort = () => leaving.abort(options.signal?.reason)
  if (options.signal?.aborted) onAbort()
  options.signal?.addEventListener("abort", onAbort, { once: true })
  try {
    const { signal } = leaving
    const wanted = wantedPartitions(options, from)
    const offsets = await topic.offsets({ timestamp: timestampOf(from), partition: options.partition, signal })
    const ranges = rangesOf(from, offsets, wanted, topic.name)
    const batchBytes = options.batchBytes ?? shareOf(ranges.length)
    const watches = new Map<number, TailWatch>()
    const watchOf = (index: number): TailWatch | undefined => {
      if (!follow || ranges.length === 1) return undefined
      const group = Math.floor(index / limits.maxEntries)
      const watch = watches.get(group) ?? new TailWatch(transport, topic.name, waitMs, signal)
      watches.set(group, watch)
      return watch
    }
    const readers = ranges.map(
      (range, index) =>
        new PartitionReader<K, V>(
          (partition, fetch) => topic.fetch(partition, fetch),
          range,
          { follow, batchBytes, waitMs, autoOffsetReset, tailWatch: watchOf(index), signal },
          transport,
        ),
    )
    for await (const records of mergeChunks(readers)) yield* records
  } finally {
    options.signal?.removeEventListener("abort", onAbort)
    leaving.abort(new DOMException("The read was left.", "AbortError"))
  }
}

function wantedPartitions({ partition, partitions }: ReadOptions, from: ReadStart): readonly number[] | undefined {
  if (partition !== undefined && partitions !== undefined)
    throw invalidArgument("Give partition or partitions, not both.")
  const wanted = partition === undefined ? partitions : [partition]
  if (typeof from === "object" && "offset" in from && wanted?.length !== 1) {
    throw invalidArgument("An offset is of one partition: pass partition, or offsets by partition.")
  }
  return wanted
}

/** Two batches of each partition may be in memory at a time. */
function shareOf(partitions: number): number {
  return Math.max(MIN_BATCH_BYTES, Math.min(MiB, Math.floor(READ_MEMORY / (2 * Math.max(partitions, 1)))))
}
