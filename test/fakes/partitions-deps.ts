/** What the append protocol works with in tests: fakes in memory, a clock that stands still, names that are counted. */
import { portableCrc32c } from "stratalog/record-batch"
import {
  defaultSettings,
  type PartitionSettings,
  type PartitionsDeps,
} from "../../functions/partitions/dependencies.ts"
import type { SegmentReader } from "../../functions/partitions/read/segment-reader.ts"
import { indexSizes } from "../../functions/storage/aws/dynamodb/index-sizes.ts"
import { MemoryObjectStore } from "./memory-object-store.ts"
import { createMemoryPartitionIndex } from "./memory-partition-index.ts"

/** A log that was never tiered. */
export const noSegments: SegmentReader = {
  read: async () => ({ kind: "missing" }),
  findByTimestamp: async () => ({ kind: "none" }),
  bytesBetween: async () => 0,
}

const STANDING_CLOCK = { now: () => 1_763_600_000_000 }

/** Of version 7. */
export function uuidOf(madeAt: number, name: number): string {
  const time = madeAt.toString(16).padStart(12, "0")
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${name.toString(16).padStart(12, "0")}`
}

export function partitionsDeps(change: Partial<PartitionsDeps> = {}, settings: Partial<PartitionSettings> = {}) {
  let names = 0
  const index = createMemoryPartitionIndex()
  const objects = new MemoryObjectStore()
  const deps: PartitionsDeps = {
    index,
    objects,
    segments: noSegments,
    sizes: indexSizes,
    crc32c: portableCrc32c,
    clock: STANDING_CLOCK,
    ids: {
      entry: () => (++names).toString(16).padStart(16, "0"),
      placement: () => uuidOf((change.clock ?? STANDING_CLOCK).now(), ++names),
    },
    timer: { sleep: pause },
    random: () => 0.5,
    settings: { ...defaultSettings, firstPollMs: 5, maxPollMs: 20, ...settings },
    ...change,
  }
  return { deps, index, objects }
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener("abort", end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener("abort", end)
  })
}
