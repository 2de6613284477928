/** A process that is paused before any one of its requests, for hours, while others go on: SIGSTOP and SIGCONT. */
import { limits } from "stratalog/protocol"
import { portableCodecs } from "stratalog/record-batch"
import { afterAll, describe, expect, it } from "vitest"
import { indexedService } from "../../../functions/compose/indexed-service.ts"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { sweepPlaced } from "../../../functions/partitions/sweep/sweep-placed.ts"
import { indexSizes } from "../../../functions/storage/aws/dynamodb/index-sizes.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { deleteTopic } from "../../../functions/topics/delete/delete-topic.ts"
import { appendOne, drain, entry, newPartition } from "../../contract/partition-log/fixture.ts"
import { MemoryObjectStore } from "../../fakes/memory-object-store.ts"
import { createMemoryPartitionIndex } from "../../fakes/memory-partition-index.ts"
import { createMemorySegmentIndex } from "../../fakes/memory-segment-index.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"
import { openTemporaryStorage } from "../../fakes/temporary-storage.ts"

const HOUR_MS = 3_600_000
const SIZES = [10, 2_000, 10, 5_000, 900, 10, 700, 400_000, 10, 800]

/** The same port; each request waits for `turn` first. */
function pausable<Port extends object>(port: Port, turn: () => Promise<void>): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== "function") return method
      return async (...args: unknown[]) => {
        await turn()
        return method.apply(target, args)
      }
    },
  })
}

/** Does `meanwhile` before the request number `at`, once. */
function pausedAt(at: number, meanwhile: () => Promise<void>) {
  let requests = 0
  const turn = async () => {
    requests += 1
    if (requests === at) await meanwhile()
  }
  return { turn, reached: () => requests >= at }
}

/** Appends a batch of each size, as one producer. */
async function work(log: ReturnType<typeof createIndexedLog>, partition: PartitionRef, name: string, id: number) {
  const acknowledged: { readonly name: string; readonly offset: number | undefined }[] = []
  for (const [sequence, size] of SIZES.entries()) {
    const text = `${name}${sequence}:${"x".repeat(size)}`
    const placement = sequence % 2 === 0 ? "latency" : "cost"
    const one = entry([text], { placement, producer: { id, epoch: 0, sequence } })
    let outcome = await appendOne(log, partition, one)
    // After such a pause the time of an append is over.
    if (outcome.kind === "unavailable") outcome = await appendOne(log, partition, one)
    if (outcome.kind !== "appended" && outcome.kind !== "duplicate") throw new Error(JSON.stringify(outcome))
    acknowledged.push({ name: `${name}${sequence}`, offset: outcome.baseOffset })
  }
  return acknowledged
}

describe("a writer that is paused", () => {
  it("before any of its requests finds a log that others wrote, rolled and swept, and goes on in it", async () => {
    let points = 0
    for (let at = 1, reached = true; reached; at += 1) {
      let now = 1_763_600_000_000
      const clock = { now: () => now }
      const { deps } = partitionsDeps({ clock }, { maxProducers: 2, tailLimitBytes: 1_500 })
      const other = createIndexedLog(deps)
      const partition = await newPartition(other)
      const others: { readonly name: string; readonly offset: number | undefined }[] = []
      const pause = pausedAt(at, async () => {
        now += 3 * HOUR_MS
        others.push(...(await work(other, partition, "other", 2)))
        await sweepPlaced(deps, partition, { placedBefore: now - HOUR_MS, maxRemovals: 100 })
      })
      const slept = { ...deps, index: pausable(deps.index, pause.turn), objects: pausable(deps.objects, pause.turn) }
      const own = await work(createIndexedLog(slept), partition, "own", 1)
      const found = await drain(other, partition)
      reached = pause.reached()
      expect(found.map(({ baseOffset }) => baseOffset)).toEqual(found.map((_, offset) => offset))
      expect(found, `request ${at}`).toHaveLength(own.length + others.length)
      for (const { name, offset } of [...own, ...others]) {
        expect(found[offset ?? -1]?.text, `request ${at}`).toContain(`${name}:`)
      }
      if (reached) points = at
    }
    expect(points).toBeGreaterThan(SIZES.length)
  })
})

describe("a reader that is paused", () => {
  const storage = openTemporaryStorage()
  afterAll(() => storage.dispose())
  let topics = 0

  /** A topic whose log lies in segments, pages and the tail; services over it, each with a memory of its own. */
  async function tieredTopic() {
    const [index, objects, segments] = [
      createMemoryPartitionIndex(),
      new MemoryObjectStore(),
      createMemorySegmentIndex(),
    ]
    const upkeep = { segmentBytes: 65_536, minTierAgeMs: -HOUR_MS, maxTierAgeMs: -HOUR_MS }
    const open = (turn: () => Promise<void> = async () => undefined) => {
      const parts = { index: pausable(index, turn), objects: pausable(objects, turn) }
      const rest = { ...storage, segments: pausable(segments, turn), sizes: indexSizes }
      return indexedService({ ...rest, ...parts }, { limits, codecs: portableCodecs(), version: "1", upkeep })
    }
    const { deps, ...service } = open()
    const name = `t${++topics}`
    const made = await createTopic(
      { ...deps, ids: deps.topicIds },
      { name, partitions: 1, config: { "retention.ms": -1 } },
    )
    if (made.kind !== "created") throw new Error(made.kind)
    const partition = { topicId: made.topic.id, partition: 0 }
    await work(deps.log, partition, "a", 1)
    await service.upkeep({ until: Number.POSITIVE_INFINITY, sweep: false })
    await work(deps.log, partition, "b", 2)
    return { open, name, partition, deps, ...service }
  }

  type Tiered = Awaited<ReturnType<typeof tieredTopic>>
  const meanwhile: Readonly<Record<string, (topic: Tiered) => Promise<unknown>>> = {
    "is tiered further": ({ upkeep }) => upkeep({ until: Number.POSITIVE_INFINITY, sweep: true }),
    "is appended to and rolled": ({ deps, partition }) => work(deps.log, partition, "c", 3),
    "loses all of its records": async ({ deps, partition, upkeep }) => {
      await deps.log.moveLogStart(partition, 2 * SIZES.length)
      await upkeep({ until: Number.POSITIVE_INFINITY, sweep: true })
    },
    "is deleted": async ({ deps, name, upkeep }) => {
      await deleteTopic(deps, name)
      await upkeep({ until: Number.POSITIVE_INFINITY, sweep: true })
    },
  }

  it.each(Object.keys(meanwhile))(
    "before any of its requests, while the log %s, gets no wrong answer",
    async (what) => {
      for (const offset of [0, SIZES.length - 2, 2 * SIZES.length - 2]) {
        let answers = 0
        for (let at = 1, reached = true; reached; at += 1) {
          const topic = await tieredTopic()
          const pause = pausedAt(at, async () => void (await meanwhile[what]?.(topic)))
          const read = await topic.open(pause.turn).deps.log.read(topic.partition, { offset, maxBytes: 2_000_000 })
          reached = pause.reached()
          answers += 1
          if (read.kind === "batches") {
            expect(read.batches[0]?.baseOffset, `request ${at}`).toBe(offset)
            const ends = read.batches.map(({ baseOffset, recordCount }) => baseOffset + recordCount)
            expect(read.batches.slice(1).map(({ baseOffset }) => baseOffset)).toEqual(ends.slice(0, -1))
          } else {
            const allowed =
              what === "is deleted" ? "unknown_partition" : what.startsWith("loses") ? "below_start" : "none"
            expect(read.kind, `request ${at} from ${offset}: ${JSON.stringify(read)}`).toBe(allowed)
          }
        }
        expect(answers).toBeGreaterThan(1)
      }
    },
  )
})
