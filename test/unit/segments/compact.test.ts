import { Reader, readRecordsBatches } from "@platformatic/kafka"
import { readBatchHeader } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { keyHash } from "../../../functions/codecs/key-hash.ts"
import { compactPartition } from "../../../functions/segments/compact/compact.ts"
import { KeyOffsets } from "../../../functions/segments/compact/key-offsets.ts"
import { listSegments } from "../../../functions/segments/list-segments.ts"
import { batchOf, partition } from "./fixture.ts"
import { recordsOf } from "./scenarios.ts"
import { configOf, DAY, HOUR, keepUp, readAll, T0, type UpkeptLog, upkeptLog } from "./upkept-log.ts"

const NEVER = Number.POSITIVE_INFINITY
const compact = { "cleanup.policy": "compact", "segment.bytes": 1024 } as const

describe("the last offset of each key", () => {
  it("is that of a map, for as many keys as fit", () => {
    const offsets = new KeyOffsets(5_000)
    for (let offset = 0; offset < 20_000; offset++) {
      expect(offsets.put(keyHash(Buffer.from(`k${offset % 5_000}`)), offset)).toBe(true)
    }
    expect(offsets.size).toBe(5_000)
    for (let key = 0; key < 5_000; key++) expect(offsets.get(keyHash(Buffer.from(`k${key}`)))).toBe(15_000 + key)
    expect(offsets.get(keyHash(Buffer.from("k5000")))).toBeUndefined()
    expect(offsets.put(keyHash(Buffer.from("k5000")), 20_000)).toBe(false)
    expect(offsets.put(keyHash(Buffer.from("k1")), 20_001)).toBe(true)
    expect(offsets.get(keyHash(Buffer.from("k1")))).toBe(20_001)
  })
})

describe("compaction", () => {
  it("keeps the last record of each key, at its offset", async () => {
    const log = await tiered([
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
      ["c", "4"],
      ["b", "5"],
    ])
    expect(await compactPartition(log, partition, configOf(compact), NEVER)).toMatchObject({ removed: 2, more: false })
    expect(await pairs(log)).toEqual(["2 a=3", "3 c=4", "4 b=5"])
    expect(await compactPartition(log, partition, configOf(compact), NEVER)).toEqual({ kind: "nothing" })
  })

  it("leaves a topic alone that does not ask for it", async () => {
    const log = await tiered([
      ["a", "1"],
      ["a", "2"],
    ])
    expect(await compactPartition(log, partition, configOf({}), NEVER)).toEqual({ kind: "nothing" })
  })

  it("keeps tombstones for their time after it first saw them, and at least for the grace", async () => {
    for (const [retentionMs, staysFor] of [
      [2 * DAY, 2 * DAY],
      [0, HOUR],
    ] as const) {
      const config = configOf({ ...compact, "delete.retention.ms": retentionMs })
      const log = await tiered(
        [
          ["a", "1"],
          ["a", null],
          ["b", "2"],
        ],
        { maxDirtyMs: 0 },
      )
      await compactPartition(log, partition, config, NEVER)
      expect(await pairs(log)).toEqual(["1 a=null", "2 b=2"])
      log.time.now += staysFor - 1
      await more(log, [["c", "3"]])
      await compactPartition(log, partition, config, NEVER)
      expect(await pairs(log)).toEqual(["1 a=null", "2 b=2", "3 c=3"])
      log.time.now += 1
      await more(log, [["d", "4"]])
      await compactPartition(log, partition, config, NEVER)
      expect(await pairs(log)).toEqual(["2 b=2", "3 c=3", "4 d=4"])
    }
  })

  it("removes as much in several passes as in one", async () => {
    const written: [string, string | null][] = Array.from({ length: 60 }, (_, at) => [`k${(at * at) % 11}`, `${at}`])
    const [whole, piecewise] = [await tiered(written), await tiered(written, { compactionKeys: 2, maxDirtyMs: 0 })]
    await keepUp(whole, compact)
    await keepUp(piecewise, compact)
    expect(await pairs(piecewise)).toEqual(await pairs(whole))
    expect(await pairs(whole)).toHaveLength(new Set(written.map(([key]) => key)).size)
  })

  it("stops between two segments when its time is over, and finishes the same pass", async () => {
    const written: [string, string | null][] = Array.from({ length: 30 }, (_, at) => [`k${at % 3}`, `${at}`])
    const log = await tiered(written)
    const config = configOf(compact)
    expect(await compactPartition(log, partition, config, 0)).toMatchObject({ segments: 1, more: true })
    const gets = log.objects.requests.get
    while ((await compactPartition(log, partition, config, 0)).kind === "compacted") {}
    expect(await pairs(log)).toEqual(["27 k0=27", "28 k1=28", "29 k2=29"])
    expect(log.objects.requests.get).toBeGreaterThan(gets)
  })

  it("leaves a log file that others read, with a gap where records were", async () => {
    const log = await tiered([
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
      ["a", "4"],
    ])
    await compactPartition(log, partition, configOf(compact), NEVER)
    const segments = await listSegments(log.index, partition, 0, NEVER)
    if (!Array.isArray(segments)) throw new Error(JSON.stringify(segments))
    for (const { objectKey, endOffset } of segments) {
      const object = await log.objects.get(objectKey)
      if (object.kind !== "object") throw new Error(object.kind)
      const batches = readRecordsBatches(Reader.from(Buffer.from(object.bytes)))
      const last = batches.at(-1)
      expect(Number(last?.firstOffset) + (last?.lastOffsetDelta ?? 0) + 1).toBe(endOffset)
    }
    const { batches } = await readAll(log)
    expect(batches.map(({ bytes }) => readBatchHeader(bytes).recordCount)).toContain(0)
  })

  it("writes no object for a segment that loses nothing", async () => {
    const log = await tiered([
      ["a", "1"],
      ["b", "2"],
    ])
    const { put } = log.objects.requests
    expect(await compactPartition(log, partition, configOf(compact), NEVER)).toMatchObject({ segments: 2, removed: 0 })
    expect(log.objects.requests.put).toBe(put)
  })

  it("names the object that is damaged, and changes nothing", async () => {
    const log = await tiered([
      ["a", "1"],
      ["a", "2"],
    ])
    log.objects.inject(({ call }) => (call === "get" ? { kind: "corrupt", position: 70 } : undefined))
    expect(await compactPartition(log, partition, configOf(compact), NEVER)).toMatchObject({ kind: "corrupt" })
    log.objects.inject(() => undefined)
    expect(await pairs(log)).toEqual(["0 a=1", "1 a=2"])
  })
})

type Written = readonly (readonly [key: string, value: string | null])[]

/** A page and a segment for each record. */
async function tiered(written: Written, settings: Partial<UpkeptLog["settings"]> = {}): Promise<UpkeptLog> {
  const batches = batchesFor(written, 0)
  const pages = batches.map((batch, index) => ({ batches: [batch], storedAt: T0 + index }))
  const log = upkeptLog({ pages }, { maxDirtyMs: 365 * DAY, ...settings })
  await keepUp(log, { "segment.bytes": 1024, "retention.ms": -1 }, false)
  return log
}

async function more(log: UpkeptLog, written: Written): Promise<void> {
  const found = await log.recent.state(partition)
  if (found.kind !== "state") throw new Error(found.kind)
  log.recent.roll(0, batchesFor(written, found.state.highWatermark))
  log.recent.roll(log.time.now - 7 * HOUR, [])
  await keepUp(log, { "segment.bytes": 1024, "retention.ms": -1 }, false)
}

function batchesFor(written: Written, from: number) {
  return written.map(([key, value], index) =>
    batchOf(
      [
        {
          timestamp: T0,
          key: Buffer.from(key),
          value: value === null ? null : Buffer.from(value),
          headers: [["pad", Buffer.alloc(700)]],
        },
      ],
      from + index,
    ),
  )
}

async function pairs(log: UpkeptLog): Promise<string[]> {
  const records = await recordsOf((await readAll(log)).batches)
  const text = (bytes: Uint8Array | null) => (bytes === null ? "null" : Buffer.from(bytes).toString())
  return records.map(({ offset, key, value }) => `${offset} ${text(key)}=${text(value)}`)
}
