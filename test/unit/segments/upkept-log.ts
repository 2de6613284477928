/** One partition with all that upkeep works on, in memory, and readers that watch it. */
import { effectiveConfig, type TopicConfigInput } from "stratalog/protocol"
import { keyHash } from "../../../functions/codecs/key-hash.ts"
import type { StoredBatch } from "../../../functions/log/ports.ts"
import { type UpkeepDependencies, upkeepDefaults } from "../../../functions/segments/dependencies.ts"
import { readSegments } from "../../../functions/segments/read/read-segments.ts"
import type { SegmentMemory } from "../../../functions/segments/read/segment-memory.ts"
import type { UpkeepReport } from "../../../functions/segments/upkeep/report.ts"
import { upkeepPartition } from "../../../functions/segments/upkeep/upkeep-partition.ts"
import { type MemoryPage, MemoryRecentLog } from "../../fakes/memory-recent-log.ts"
import { codecs, endOf, newMemory, partition, segmentStorage } from "./fixture.ts"

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** When the first page was stored. */
export const T0 = 1_763_600_000_000

export interface UpkeptLog extends UpkeepDependencies {
  readonly objects: ReturnType<typeof segmentStorage>["objects"]
  readonly index: ReturnType<typeof segmentStorage>["index"]
  readonly recent: MemoryRecentLog
  readonly time: { now: number }
}

export interface LogContent {
  readonly pages: readonly MemoryPage[]
  readonly tail?: readonly StoredBatch[]
}

export function upkeptLog(
  { pages, tail = [] }: LogContent,
  over: Partial<UpkeepDependencies["settings"]> = {},
): UpkeptLog {
  const time = { now: T0 + DAY }
  const recent = new MemoryRecentLog(partition, pages, tail)
  let names = 0
  return {
    ...segmentStorage(() => time.now),
    recent,
    log: recent,
    codecs,
    keyHash,
    uniqueName: () => `n${++names}`,
    clock: { now: () => time.now },
    time,
    settings: { ...upkeepDefaults, ...over },
  }
}

export function configOf(config: TopicConfigInput) {
  return effectiveConfig(config)
}

/** Upkeep until nothing is left to do. */
export async function keepUp(deps: UpkeepDependencies, config: TopicConfigInput, sweep = true): Promise<UpkeepReport> {
  const topic = { id: partition.topicId, name: "upkept", config }
  return upkeepPartition(deps, topic, partition.partition, { until: Number.POSITIVE_INFINITY, sweep })
}

export type Gate = <Outcome>(call: () => Outcome | Promise<Outcome>) => Promise<Outcome>
/** The same log, each request of which passes the gate. */
export function gated(log: UpkeptLog, gate: Gate): UpkeepDependencies {
  const recent = behind(log.recent, gate)
  return { ...log, objects: behind(log.objects, gate), index: behind(log.index, gate), recent, log: recent }
}

function behind<Port extends object>(port: Port, gate: Gate): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== "function") return member
      return (...args: unknown[]) => gate(() => Reflect.apply(member, target, args))
    },
  })
}

export class Killed extends Error {}

/** Every request before the n-th is answered; that one is not, and with `after` it takes effect all the same. */
export function killedAt(n: number, when: "before" | "after"): Gate & { requests: () => number } {
  let requests = 0
  const gate: Gate = async (call) => {
    requests++
    if (requests === n && when === "before") throw new Killed()
    const outcome = await call()
    if (requests === n && when === "after") throw new Killed()
    return outcome
  }
  return Object.assign(gate, { requests: () => requests })
}

export interface LogRead {
  /** The log start when the first of them was read. */
  readonly from: number
  readonly batches: readonly StoredBatch[]
}

/** All batches from the log start on, as a reader finds them who follows the rules of the ports. */
export async function readAll(log: UpkeptLog, memory: SegmentMemory = newMemory(), maxBytes = 3_000): Promise<LogRead> {
  const batches: StoredBatch[] = []
  let offset = -1
  let from = 0
  for (let looks = 0; ; looks++) {
    const found = await log.recent.state(partition)
    if (found.kind !== "state") throw new Error(`no state: ${JSON.stringify(found)}`)
    const { logStartOffset, highWatermark, tieredTo } = found.state
    if (offset < logStartOffset) {
      batches.length = 0
      offset = logStartOffset
      from = logStartOffset
    }
    if (offset === highWatermark) return { from, batches }
    const reader = { ...log, crc32c: codecs.crc32c, memory }
    const outcome =
      offset < tieredTo
        ? await readSegments(reader, partition, { offset, maxBytes }, tieredTo)
        : await log.recent.read(partition, offset, highWatermark, maxBytes)
    if (outcome.kind === "missing" || outcome.kind === "moved") {
      const again = await log.recent.state(partition)
      if (JSON.stringify(again) === JSON.stringify(found))
        throw new Error(`nothing explains: ${JSON.stringify(outcome)}`)
      continue
    }
    if (outcome.kind !== "batches") throw new Error(JSON.stringify(outcome))
    const last = outcome.batches.at(-1)
    if (last === undefined) throw new Error(`an empty answer at ${offset}, below ${highWatermark}`)
    batches.push(...outcome.batches)
    offset = endOf(last)
    if (looks > 10_000) throw new Error("no end")
  }
}

/** A reader that has just come begins at each offset once: it gets the batch that holds it, or the next. */
export async function readAnywhere(log: UpkeptLog): Promise<void> {
  const found = await log.recent.state(partition)
  if (found.kind !== "state") throw new Error(`no state: ${JSON.stringify(found)}`)
  const { logStartOffset, tieredTo } = found.state
  for (let offset = logStartOffset; offset < tieredTo; offset++) {
    const reader = { ...log, crc32c: codecs.crc32c, memory: newMemory() }
    const outcome = await readSegments(reader, partition, { offset, maxBytes: 1 }, tieredTo)
    const batch = outcome.kind === "batches" ? outcome.batches[0] : undefined
    if (batch === undefined || endOf(batch) <= offset) throw new Error(`at ${offset}: ${JSON.stringify(outcome)}`)
  }
}
