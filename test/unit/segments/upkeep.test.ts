import { describe, expect, it } from "vitest"
import { listSegments } from "../../../functions/segments/list-segments.ts"
import { reclaimPartition } from "../../../functions/segments/reclaim/reclaim.ts"
import { retainPartition } from "../../../functions/segments/retain/retain.ts"
import { purgeTopic } from "../../../functions/segments/sweep/purge.ts"
import { sweepPartition } from "../../../functions/segments/sweep/sweep.ts"
import { tierPartition } from "../../../functions/segments/tier/tier.ts"
import { upkeepAll } from "../../../functions/segments/upkeep/upkeep-all.ts"
import type { Topic, TopicStore } from "../../../functions/topics/ports.ts"
import { batchOf, partition } from "./fixture.ts"
import { contentOf } from "./scenarios.ts"
import { configOf, DAY, gated, HOUR, keepUp, MINUTE, readAll, T0, type UpkeptLog, upkeptLog } from "./upkept-log.ts"

const small = { "segment.bytes": 1024, "retention.ms": -1 }

describe("retention", () => {
  it("expires what is behind the last stretch only when all of it is old enough", async () => {
    const log = upkeptLog(contentOf())
    const retain = (ms: number) => retainPartition(log, partition, configOf({ "retention.ms": ms }))
    log.time.now = T0 + 11 * HOUR
    // The newest records of the pages are of T0 + 9 h, those of the tail of T0 + 10 h.
    expect(await retain(HOUR)).toEqual({ kind: "retained", from: 0, to: 40 })
    log.time.now += 1
    expect(await retain(HOUR)).toEqual({ kind: "retained", from: 40, to: 44 })
    expect(await retain(0)).toEqual({ kind: "retained", from: 44, to: 44 })
  })

  it("waits for records without a time until they are a piece of the log", async () => {
    const untimed = batchOf([{ timestamp: -1, key: null, value: null }], 0)
    const log = upkeptLog({ pages: [], tail: [untimed] })
    const config = configOf({ "retention.ms": DAY })
    expect(await retainPartition(log, partition, config)).toEqual({ kind: "retained", from: 0, to: 0 })
    log.recent.roll(log.time.now, [])
    expect(await retainPartition(log, partition, config)).toEqual({ kind: "retained", from: 0, to: 0 })
    log.time.now += DAY + 1
    expect(await retainPartition(log, partition, config)).toEqual({ kind: "retained", from: 0, to: 1 })
  })

  it("keeps all where the topic says so, or is compacted only", async () => {
    for (const config of [
      { "retention.ms": -1 },
      { "cleanup.policy": "compact", "retention.ms": 0, "retention.bytes": 0 } as const,
    ]) {
      const log = upkeptLog(contentOf())
      expect(await retainPartition(log, partition, configOf(config))).toEqual({ kind: "retained", from: 0, to: 0 })
    }
  })

  it("by size counts segments and stretches, and may take all of them", async () => {
    const log = upkeptLog(contentOf())
    await keepUp(log, small, false)
    const segments = await all(log)
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
    const half = configOf({ "retention.ms": -1, "retention.bytes": bytes - (segments[0]?.bytes ?? 0) })
    expect(await retainPartition(log, partition, half)).toEqual({ kind: "retained", from: 0, to: 4 })
    const none = configOf({ "retention.ms": -1, "retention.bytes": 0 })
    expect(await retainPartition(log, partition, none)).toEqual({ kind: "retained", from: 4, to: 40 })
  })
})

describe("reclaiming", () => {
  it("takes what lies wholly below the log start out of the index, and leaves the objects to the sweep", async () => {
    const log = upkeptLog(contentOf())
    await keepUp(log, small, false)
    await log.recent.moveLogStart(partition, 11)
    const reclaimed = await reclaimPartition(log, partition)
    expect(reclaimed).toMatchObject({ kind: "reclaimed", segments: 2 })
    expect((await all(log))[0]).toMatchObject({ baseOffset: 8, endOffset: 12 })
    expect(await sweepPartition(log, partition)).toEqual({ kind: "swept", removed: 0, bytes: 0 })
    log.time.now += HOUR + 1
    const bytes = reclaimed.kind === "reclaimed" ? reclaimed.bytes : 0
    expect(await sweepPartition(log, partition)).toEqual({ kind: "swept", removed: 2, bytes })
    expect(log.objects.keys()).toEqual((await all(log)).map(({ objectKey }) => objectKey))
  })
})

describe("the sweep", () => {
  it("goes through all objects, a thousand at a time", async () => {
    const log = upkeptLog(contentOf())
    await keepUp(log, small, false)
    const kept = log.objects.keys()
    const prefix = kept[0]?.slice(0, -"00000000000000000000-n1.log".length)
    for (let at = 0; at < 2_100; at++) {
      await log.objects.put(`${prefix}${String(at % 40).padStart(20, "0")}-x${at}.log`, [Buffer.alloc(1)])
    }
    log.time.now += HOUR + 1
    const report = await keepUp(log, small)
    expect(report).toMatchObject({ sweptObjects: 2_100, sweptBytes: 2_100, failures: [], unfinished: false })
    expect(log.objects.keys()).toEqual(kept)
  })
})

describe("the sweep beside a tierer that was paused", () => {
  it("keeps the object of an entry that came after it read the index", async () => {
    const log = upkeptLog(contentOf())
    const before = await readAll(log)
    let wake: (() => void) | undefined
    const paused = gated(log, async (call) => {
      const outcome = await call()
      if (log.objects.keys().length === 1 && wake === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      return outcome
    })
    const tiering = tierPartition(paused, partition, configOf({}))
    while (wake === undefined) await new Promise((resolve) => setImmediate(resolve))
    log.time.now += 2 * HOUR
    log.recent.requests.interceptor = async ({ name }) => {
      if (name !== "state") return undefined
      log.recent.requests.interceptor = undefined
      wake?.()
      expect(await tiering).toMatchObject({ kind: "tiered" })
      return undefined
    }
    expect(await sweepPartition(log, partition)).toEqual({ kind: "swept", removed: 0, bytes: 0 })
    expect(log.recent.requests.interceptor).toBe(undefined)
    expect(await readAll(log)).toEqual(before)
  })
})

describe("an entry that a paused tierer put after its object was swept", () => {
  it("goes itself, and not the segments that it seems to cover", async () => {
    const log = upkeptLog(contentOf())
    await keepUp(log, small, false)
    const before = await readAll(log)
    const listed = await log.index.list(partition, 0, 100)
    const [first, second] = listed.kind === "segments" ? listed.segments : []
    if (first === undefined || second === undefined) throw new Error("too few segments")
    const objectKey = `${first.objectKey}-swept`
    const late = { ...first, baseOffset: first.baseOffset + 1, endOffset: second.endOffset, objectKey, version: 1 }
    expect(await log.index.put(partition, late)).toEqual({ kind: "put" })
    expect(await sweepPartition(log, partition)).toMatchObject({ kind: "swept" })
    expect(await log.index.list(partition, 0, 100)).toEqual(listed)
    expect(await readAll(log)).toEqual(before)
  })
})

describe("purging a deleted topic", () => {
  it("removes entries, then objects, whatever it is called after a failure", async () => {
    const log = upkeptLog(contentOf())
    await keepUp(log, small, false)
    const topic = { topicId: partition.topicId, partitions: partition.partition + 1 }
    log.objects.inject(({ call }) => (call === "remove" ? { kind: "fail" } : undefined))
    expect(await purgeTopic(log, topic)).toEqual({ kind: "purged", found: 10, more: true })
    expect(await purgeTopic(log, topic)).toMatchObject({ kind: "unavailable" })
    log.objects.inject(() => undefined)
    expect(await purgeTopic(log, topic)).toEqual({ kind: "purged", found: 10, more: false })
    expect(await purgeTopic(log, topic)).toEqual({ kind: "purged", found: 0, more: false })
    expect(log.objects.keys()).toEqual([])
    expect(await all(log)).toEqual([])
  })
})

describe("upkeep of a partition with nothing to do", () => {
  it("reads one entry and one stretch at a time, and no objects", async () => {
    const log = upkeptLog(contentOf())
    log.time.now = T0 + 6 * HOUR
    await keepUp(log, { "retention.ms": DAY }, false)
    log.time.now += MINUTE
    const limits: number[] = []
    log.index.requests.interceptor = ({ name, args }) => {
      if (name === "list") limits.push(args[2])
      return undefined
    }
    log.recent.requests.interceptor = ({ name, args }) => {
      if (name === "stretches") limits.push(args[2])
      return undefined
    }
    const before = { ...log.objects.requests }
    await keepUp(log, { "retention.ms": DAY }, false)
    expect(limits).toEqual([1, 1, 1])
    expect(log.objects.requests).toEqual(before)
  })
})

describe("upkeep of all topics", () => {
  it("goes through every partition and begins where the last run stopped", async () => {
    const log = upkeptLog({ pages: [] })
    const looked: string[] = []
    log.recent.requests.interceptor = ({ name, args }) => {
      if (name === "describe") {
        looked.push(`${args[0].topicId}/${args[0].partition}`)
        log.time.now += 10
      }
      return undefined
    }
    const topics = topicsOf([
      ["a", 2],
      ["b", 0],
      ["c", 3],
    ])
    const runs: number[] = []
    for (let cursor = {}, more = true; more; ) {
      const until = log.time.now + 20
      const { report, next } = await upkeepAll(log, topics, { until, sweep: false }, { partition: 0, ...cursor })
      runs.push(report.partitions)
      more = next !== undefined
      cursor = next ?? {}
    }
    expect(looked).toEqual(["id-a/0", "id-a/1", "id-c/0", "id-c/1", "id-c/2"])
    expect(runs).toEqual([2, 2, 1])
  })

  it("reports what fails, with its step, and goes on with the next partition", async () => {
    const log = upkeptLog(contentOf())
    log.objects.inject(({ call }) => (call === "put" ? { kind: "fail", reason: "storage_full" } : undefined))
    const topics: Pick<TopicStore, "list"> = {
      list: () => ({ topics: [{ ...topicOf("t", partition.partition + 1), id: partition.topicId }] }),
    }
    const { report } = await upkeepAll(log, topics, { until: Number.POSITIVE_INFINITY, sweep: true })
    expect(report.partitions).toBe(4)
    expect(report.failures).toMatchObject([{ partition, step: "tier", failure: { reason: "storage_full" } }])
  })

  it("goes on behind a partition whose look ends in an error that nobody foresaw", async () => {
    const log = upkeptLog(contentOf())
    const looked: string[] = []
    log.recent.requests.interceptor = ({ name, args: [{ topicId }] }) => {
      if (name === "describe") looked.push(topicId)
      if (name === "describe" && topicId === "id-a") throw new RangeError("an item that is no head")
      return undefined
    }
    const topics: Pick<TopicStore, "list"> = { list: () => ({ topics: [topicOf("a", 1), topicOf("b", 1)] }) }
    const { report, next } = await upkeepAll(log, topics, { until: Number.POSITIVE_INFINITY, sweep: true })
    expect(next).toBe(undefined)
    expect(looked).toEqual(["id-a", "id-b"])
    expect(report.failures).toMatchObject([
      { partition: { topicId: "id-a" }, failure: { kind: "defect", detail: expect.stringContaining("no head") } },
    ])
  })

  it("goes on with other steps where one part is damaged", async () => {
    const log = upkeptLog(contentOf())
    await keepUp(log, small, false)
    log.objects.inject(({ call }) => (call === "get" ? { kind: "corrupt", position: 70 } : undefined))
    const report = await keepUp(log, {
      "retention.bytes": 3_000,
      "retention.ms": -1,
      "cleanup.policy": "compact,delete",
    })
    expect(report.failures).toMatchObject([{ step: "compact" }])
    expect(report.expiredRecords).toBeGreaterThan(0)
  })
})

async function all(log: UpkeptLog) {
  const segments = await listSegments(log.index, partition, 0, Number.POSITIVE_INFINITY)
  if (!Array.isArray(segments)) throw new Error(JSON.stringify(segments))
  return segments
}

function topicOf(name: string, partitions: number): Topic {
  return { name, id: `id-${name}`, partitions, config: {}, createdAt: 0, version: 1 }
}

/** One topic a page. */
function topicsOf(of: readonly (readonly [string, number])[]): Pick<TopicStore, "list"> {
  return {
    list: ({ after }) => {
      const [next, following] = of.filter(([name]) => after === undefined || name > after)
      if (next === undefined) return { topics: [] }
      return { topics: [topicOf(...next)], ...(following && { next: next[0] }) }
    },
  }
}

describe("the backlog", () => {
  it("is what lies in no segment once upkeep was there, and nothing of it is overdue", async () => {
    const log = upkeptLog(contentOf())
    const report = await keepUp(log, { ...small, "segment.ms": 1 })
    expect(report.backlog).toEqual({ waitingBytes: 0, overduePartitions: 0 })
    const young = upkeptLog(contentOf(), { minTierAgeMs: 2 * DAY, maxTierAgeMs: 2 * DAY })
    const waiting = (await keepUp(young, { ...small, "retention.ms": -1 })).backlog
    const bytes = (await readAll(young)).batches.reduce((sum, batch) => sum + batch.bytes.length, 0)
    expect(waiting).toMatchObject({ overduePartitions: 0 })
    expect(waiting.waitingBytes).toBeGreaterThan(bytes / 3)
    expect(waiting.waitingBytes).toBeLessThan(bytes * 3)
  })

  it("is overdue where tiering fails, since its oldest stretch was stored", async () => {
    const log = upkeptLog(contentOf())
    const full = { kind: "unavailable", reason: "storage_full", sideEffects: "none", detail: "no room" } as const
    const deps = {
      ...log,
      objects: { ...log.objects, put: async () => full, get: log.objects.get, list: log.objects.list },
    }
    const report = await keepUp(deps as never, small, false)
    expect(report.failures).toMatchObject([{ step: "tier", failure: full }])
    expect(report.backlog).toMatchObject({ overduePartitions: 1, overdueSince: T0 })
    expect(report.backlog.waitingBytes).toBeGreaterThan(0)
  })
})
