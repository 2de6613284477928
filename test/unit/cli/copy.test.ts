import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { markCommit, readMarks, writeMarks } from "../../../sdk/cli/copy/mark.ts"
import { Failure } from "../../../sdk/cli/failure.ts"
import { encodeBatch, encodeCompressedBatch } from "../../../sdk/record-batch/encode.ts"
import type { CodecName, RecordInput } from "../../../sdk/record-batch/types.ts"
import { CopyUnderTest, codecs, contentOf, type End } from "../../fakes/copy-under-test.ts"

let under: CopyUnderTest
beforeEach(async () => {
  under = await CopyUnderTest.open()
})
afterEach(() => under.close())

const record = (n: number, more: Partial<RecordInput> = {}): RecordInput => ({
  timestamp: 1_700_000_000_000 + n,
  key: Buffer.from(`k${n}`),
  value: Buffer.from(`v${n}`),
  headers: [["trace", Buffer.from(`${n}`)]],
  ...more,
})

const records = (from: number, count: number) => Array.from({ length: count }, (_, index) => record(from + index))

async function append(end: End, topic: string, batch: Uint8Array, partition = 0): Promise<void> {
  const [offsets] = await end.log.topic(topic).offsets({ partition })
  const outcome = await end.append({ topic, partition }, batch, offsets?.highWatermark ?? 0)
  expect(outcome.kind).toBe("appended")
}

const appendRecords = (end: End, topic: string, inputs: readonly RecordInput[], partition = 0) =>
  append(end, topic, encodeBatch({ records: inputs }, codecs.crc32c), partition)

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof Failure) return error
  throw new Error(`no failure, but ${String(error)}`)
}

const bytesOf = async (end: End, topic: string, partition = 0) => {
  const fetched = await end.fetch({ topic, partition }, 0, 4 * 1024 ** 2)
  return fetched.kind === "fetched" ? fetched.batches.map((batch) => Buffer.from(batch).toString("hex")) : []
}

describe("a copy", () => {
  it("keeps batches byte for byte, of every codec, and the topic's partitions and configuration", async () => {
    const { source, target } = under
    const config = { "cleanup.policy": "compact", "max.message.bytes": 2_000_000, "segment.ms": 1234 } as const
    await source.log.topics.create("orders", { partitions: 3, config })
    for (const codec of ["gzip", "snappy", "lz4", "zstd"] as const satisfies readonly CodecName[]) {
      await append(source, "orders", await encodeCompressedBatch({ records: records(0, 50) }, codec, codecs), 1)
    }
    await appendRecords(source, "orders", records(200, 3), 1)
    const result = await under.copy({ verify: true })
    expect(await bytesOf(target, "orders", 1)).toEqual(await bytesOf(source, "orders", 1))
    expect(await bytesOf(target, "orders", 1)).toHaveLength(5)
    const [mine, copied] = [await source.log.topics.get("orders"), await target.log.topics.get("orders")]
    expect({ ...copied, id: "", createdAt: 0 }).toEqual({ ...mine, id: "", createdAt: 0 })
    expect(result.partitions.map(({ records: count }) => count)).toEqual([0, 203, 0])
    expect(result.verified.map(({ records: count }) => count)).toEqual([0, 203, 0])
  })

  it("takes the producer out of a batch, so that the target's own producers are in nobody's way", async () => {
    const { source, target } = under
    await source.log.topics.create("orders", {})
    const { id, epoch } = await source.log.initProducer()
    for (const sequence of [0, 2]) {
      const batch = { records: records(sequence, 2), producer: { id, epoch, sequence } }
      await append(source, "orders", encodeBatch(batch, codecs.crc32c))
    }
    // What is left begins with a sequence that is the target's first of this producer.
    await source.log.topic("orders").deleteRecords(0, { before: 2 })
    await under.copy({ verify: true })
    expect(await contentOf(target, "orders", 0)).toEqual(await contentOf(source, "orders", 0))
    const ours = await target.log.initProducer()
    const own = encodeBatch({ records: records(9, 1), producer: { ...ours, sequence: 0 } }, codecs.crc32c)
    await append(target, "orders", own)
  })

  it("goes on with what came since, and copies back to where it came from", async () => {
    const { source, target } = under
    await source.log.topics.create("orders", {})
    await appendRecords(source, "orders", records(0, 10))
    await under.copy()
    await appendRecords(source, "orders", records(10, 5))
    expect((await under.copy()).partitions).toMatchObject([{ records: 5, end: { source: 15, target: 15 }, behind: 0 }])
    await appendRecords(target, "orders", records(15, 5))
    const { source: back, target: forth } = await under.another()
    const other = Object.assign(Object.create(CopyUnderTest.prototype), { source: forth, target: back })
    expect((await other.copy({ verify: true })).partitions).toMatchObject([{ records: 5 }])
    expect(await contentOf(source, "orders", 0)).toEqual(await contentOf(target, "orders", 0))
  })

  it("begins at the offset at which the source begins, whichever was the last write before it was ended", async () => {
    const { source, target } = under
    await source.log.topics.create("orders", { config: { "retention.ms": -1, "segment.ms": 99 } })
    for (let n = 0; n < 20; n += 5) await appendRecords(source, "orders", records(n, 5))
    await source.log.topic("orders").deleteRecords(0, { before: 7 })
    await source.log.group("billing").commit([{ topic: "orders", partition: 0, offset: 9 }])
    let ended = 0
    for (let wasEnded = true; wasEnded; ended++) {
      let writes = 0
      target.network.inject((method) => {
        if (method === "GET" || writes++ < ended) return { kind: "none" }
        return writes === ended + 1 ? { kind: "lost_answer" } : { kind: "refused" }
      })
      wasEnded = await under.copy().then(
        () => false,
        () => true,
      )
      target.network.inject(() => ({ kind: "none" }))
      const result = await under.copy({ verify: true })
      expect(result.partitions).toMatchObject([{ end: { source: 20, target: 20 }, changedFrom: null }])
      expect(await contentOf(target, "orders", 0)).toEqual(await contentOf(source, "orders", 0))
      expect(await target.log.topic("orders").offsets()).toMatchObject([{ logStartOffset: 7, highWatermark: 20 }])
      expect(await target.log.group("billing").committed()).toMatchObject([{ offset: 9 }])
      expect((await target.log.topics.get("orders")).overrides.sort()).toEqual(["retention.ms", "segment.ms"])
      await target.log.topics.delete("orders")
    }
    expect(ended).toBeGreaterThan(8)
  })

  it("follows the source's retention when that was faster, and an emptied source", async () => {
    const { source, target } = under
    await source.log.topics.create("orders", {})
    await appendRecords(source, "orders", records(0, 20))
    await under.copy()
    await appendRecords(source, "orders", records(20, 20))
    await source.log.topic("orders").deleteRecords(0, { before: 30 })
    expect((await under.copy({ verify: true })).partitions).toMatchObject([{ records: 10, changedFrom: null }])
    expect(await contentOf(target, "orders", 0)).toEqual(await contentOf(source, "orders", 0))
    await appendRecords(source, "orders", records(40, 5))
    await source.log.topic("orders").deleteRecords(0, { before: "latest" })
    await under.copy()
    expect(await target.log.topic("orders").offsets()).toMatchObject([{ logStartOffset: 45, highWatermark: 45 }])
  })

  it("keeps the times that readers see where the log stamps them, and stamps on", async () => {
    const { source, target } = under
    await source.log.topics.create("orders", { config: { "message.timestamp.type": "LogAppendTime" } })
    await appendRecords(source, "orders", records(0, 3))
    await append(source, "orders", await encodeCompressedBatch({ records: records(3, 3) }, "lz4", codecs))
    await under.copy({ verify: true })
    expect(await contentOf(target, "orders", 0)).toEqual(await contentOf(source, "orders", 0))
    expect((await target.log.topics.get("orders")).config["message.timestamp.type"]).toBe("LogAppendTime")
    await appendRecords(source, "orders", records(6, 2))
    await under.copy({ verify: true })
    expect(await contentOf(target, "orders", 0)).toEqual(await contentOf(source, "orders", 0))
  })

  it("copies nothing of a source without topics, and topics without records", async () => {
    expect(await under.copy()).toEqual({ partitions: [], groups: [], verified: [] })
    await under.source.log.topics.create("empty", { partitions: 2 })
    expect((await under.copy({ verify: true })).partitions).toMatchObject([{ records: 0 }, { records: 0 }])
    expect((await under.target.log.topics.get("empty")).partitions).toBe(2)
  })

  it("gives the copy the partitions that the source got since", async () => {
    const { source, target } = under
    await source.log.topics.create("orders", {})
    await under.copy()
    await source.log.topics.alter("orders", { partitions: 3 })
    await appendRecords(source, "orders", records(0, 3), 2)
    await under.copy({ verify: true })
    expect(await contentOf(target, "orders", 2)).toHaveLength(3)
  })
})

describe("a copy of a compacted topic", () => {
  /** Ten keys, the last offset of each from 90 on. */
  async function compacted(): Promise<void> {
    const { source } = under
    await source.log.topics.create("users", { config: { "cleanup.policy": "compact" } })
    for (let n = 0; n < 100; n += 5) {
      const five = records(n, 5).map((each, index) => ({ ...each, key: Buffer.from(`k${(n + index) % 10}`) }))
      await appendRecords(source, "users", five)
    }
    await appendRecords(source, "users", [record(100, { key: Buffer.from("rare") })])
    for (let n = 101; n < 121; n++)
      await appendRecords(source, "users", [record(n, { key: Buffer.from(`k${n % 10}`) })])
    await under.services.source.keepUp()
  }

  it("has its records without holes, and groups go on at the same record", async () => {
    await compacted()
    const { source, target } = under
    await source.log.group("readers").commit([{ topic: "users", partition: 0, offset: 100, metadata: "mine" }])
    await source.log.group("early").commit([{ topic: "users", partition: 0, offset: 3 }])
    await source.log.group("done").commit([{ topic: "users", partition: 0, offset: 121 }])
    const left = await contentOf(source, "users", 0)
    expect(left.length).toBeLessThan(30)
    const result = await under.copy({ verify: true })
    expect(await contentOf(target, "users", 0, false)).toEqual(await contentOf(source, "users", 0, false))
    expect(result.partitions).toMatchObject([{ records: left.length, end: { source: 121, target: left.length } }])
    expect(result.partitions[0]?.changedFrom).not.toBeNull()
    const at = async (group: string) => (await target.log.group(group).committed())[0]
    const rare = left.findIndex((each) => (each as { key: string }).key === "rare")
    expect(await at("readers")).toMatchObject({ offset: rare, metadata: "mine" })
    expect(await at("early")).toMatchObject({ offset: 0 })
    expect(await at("done")).toMatchObject({ offset: left.length })
    // Copied by a run before: where it lies is looked for.
    await source.log.group("late").commit([{ topic: "users", partition: 0, offset: 100 }])
    await under.copy()
    expect(await at("late")).toMatchObject({ offset: rare })
  })

  it("leads groups to the same record where the target has let its oldest ones go since", async () => {
    await compacted()
    const { source, target } = under
    const left = (await contentOf(source, "users", 0)) as readonly { readonly offset: number }[]
    await under.copy()
    await target.log.topic("users").deleteRecords(0, { before: 3 })
    const commit = (group: string, index: number) =>
      source.log.group(group).commit([{ topic: "users", partition: 0, offset: left[index]?.offset ?? -1 }])
    await commit("gone", 1)
    await commit("there", 5)
    await under.copy({ verify: true })
    expect(await target.log.group("there").committed()).toMatchObject([{ offset: 5 }])
    expect(await target.log.group("gone").committed()).toMatchObject([{ offset: 3 }])
    // Nothing tells any more where it was: it is given what there is, and skips nothing.
    for (let n = 121; n < 131; n++)
      await appendRecords(source, "users", [record(n, { key: Buffer.from(`k${n % 10}`) })])
    await appendRecords(source, "users", [record(131, { key: Buffer.from("rare") })])
    await under.services.source.keepUp()
    expect((await contentOf(source, "users", 0)).length).toBeLessThan(left.length + 10)
    await under.copy()
    await commit("late", 5)
    await under.copy()
    expect(await target.log.group("late").committed()).toMatchObject([{ offset: 3 }])
  })

  it("is gone on with after compaction took some of what was copied", async () => {
    await compacted()
    const { source, target } = under
    const stop = new AbortController()
    let steps = 0
    const ended = under.copy({}, stop.signal, () => ++steps === 2 && stop.abort(new Error("ended")))
    await expect(ended).rejects.toThrow("ended")
    const before = await contentOf(target, "users", 0, false)
    expect(before.length).toBeGreaterThan(0)
    for (let n = 121; n < 131; n++)
      await appendRecords(source, "users", [record(n, { key: Buffer.from(`k${n % 10}`) })])
    await under.services.source.keepUp()
    await source.log.group("readers").commit([{ topic: "users", partition: 0, offset: 100 }])
    await under.copy({ verify: true })
    const after = await contentOf(target, "users", 0, false)
    expect(after.slice(0, before.length)).toEqual(before)
    const left = await contentOf(source, "users", 0, false)
    expect(after.filter((each) => left.some((other) => JSON.stringify(other) === JSON.stringify(each)))).toEqual(left)
    const rare = after.findIndex((each) => (each as { key: string }).key === "rare")
    expect(await target.log.group("readers").committed()).toMatchObject([{ offset: rare }])
  })
})

describe("groups", () => {
  beforeEach(async () => {
    await under.source.log.topics.create("orders", { partitions: 2 })
    await appendRecords(under.source, "orders", records(0, 10))
    await under.source.log.group("billing").commit([{ topic: "orders", partition: 0, offset: 4 }])
  })

  it("are moved forward only, and only those that are asked for", async () => {
    const { source, target } = under
    await under.copy()
    await target.log.group("billing").commit([{ topic: "orders", partition: 0, offset: 6 }])
    expect((await under.copy()).groups).toEqual([{ group: "billing", moved: 0, stayed: 1 }])
    expect(await target.log.group("billing").committed()).toMatchObject([{ offset: 6 }])
    await source.log.group("billing").commit([{ topic: "orders", partition: 0, offset: 8 }])
    expect((await under.copy({ groups: [] })).groups).toEqual([])
    expect((await under.copy()).groups).toEqual([{ group: "billing", moved: 1, stayed: 0 }])
  })

  it("with members at the target are left alone, and said", async () => {
    await under.copy({ groups: [] })
    const joined = await under.target.network.fetch("http://target.test/v1/groups/billing/members/m1/heartbeat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ memberEpoch: 0, topics: ["orders"] }),
    })
    expect(joined.status).toBe(200)
    const [group] = (await under.copy()).groups
    expect(group).toMatchObject({ group: "billing", moved: 0, refused: expect.stringContaining("m1") })
  })
})

describe("a target that is not the copy", () => {
  const refused = async (reason: RegExp) => {
    const { report } = await failureOf(under.copy())
    expect(report.code).toBe("cannot_copy")
    expect(report.detail).toMatch(reason)
    expect(report.advice).toContain("--topics")
  }
  const held = () => contentOf(under.target, "orders", 0)

  beforeEach(async () => {
    await under.source.log.topics.create("orders", {})
    await appendRecords(under.source, "orders", records(0, 10))
  })

  it("is refused where it has another number of partitions", async () => {
    await under.target.log.topics.create("orders", { partitions: 2 })
    await refused(/1 partitions in the source and 2 in the target/)
  })

  it("is refused where it holds other records, fewer or more, and is left as it was", async () => {
    await under.target.log.topics.create("orders", { config: { "retention.ms": 1_000_000_000_000 } })
    await appendRecords(under.target, "orders", records(3, 3))
    await refused(/orders:0 of the target: .*not the source's.*Nothing was written/)
    await appendRecords(under.target, "orders", records(3, 30))
    await refused(/ends at offset 33, the source at 10/)
    expect(await held()).toHaveLength(33)
    expect((await under.target.log.topics.get("orders")).config["retention.ms"]).toBe(1_000_000_000_000)
  })

  it("is refused where nothing of it can be compared", async () => {
    await under.target.log.topics.create("orders", {})
    await appendRecords(under.target, "orders", records(0, 5))
    await under.source.log.topic("orders").deleteRecords(0, { before: 8 })
    await refused(/none of these offsets/)
  })

  it("is refused where somebody wrote to the copy", async () => {
    await under.copy()
    await appendRecords(under.target, "orders", records(500, 1))
    await refused(/offset 10 is not the source's/)
    await appendRecords(under.source, "orders", records(10, 5))
    await refused(/offset 10 is not the source's/)
    await under.source.log.topic("orders").deleteRecords(0, { before: "latest" })
    await refused(/no longer has/)
    expect(await held()).toHaveLength(11)
  })

  it("is refused where the source was made again", async () => {
    await under.copy()
    await under.source.log.topics.delete("orders")
    await under.source.log.topics.create("orders", {})
    await refused(/copy of another topic/)
  })

  it("is noticed where somebody writes while it is copied", async () => {
    const { source, target } = under
    for (let n = 10; n < 40; n++) await appendRecords(source, "orders", records(n, 1))
    let steps = 0
    const strange = { kind: "none" } as const
    let writing: Promise<unknown> | undefined
    target.network.inject((method, path) => {
      if (method === "POST" && path.includes("/records") && ++steps === 5) {
        writing = target.log.topic("orders").produce({ key: "x", value: "strange" }, { partition: 0 })
      }
      return strange
    })
    const { report } = await failureOf(under.copy({ atOnce: 1 }))
    await writing
    expect(report).toMatchObject({ code: "target_changed", detail: expect.stringContaining("not the source's") })
  })

  it("is the source itself", async () => {
    const { source } = under
    const same = Object.assign(Object.create(CopyUnderTest.prototype), { source, target: source })
    expect((await failureOf(same.copy())).report.detail).toContain("the same service")
  })
})

it("gathers small batches where it is told to, and nothing but the batches is another", async () => {
  const { source, target } = under
  await source.log.topics.create("orders", {})
  for (let n = 0; n < 30; n++) await appendRecords(source, "orders", records(n, 1))
  await under.copy({ gatherBytes: 1_000, verify: true })
  const batches = (await bytesOf(target, "orders")).length
  expect(batches).toBeGreaterThan(1)
  expect(batches).toBeLessThan(10)
  expect(await contentOf(target, "orders", 0)).toEqual(await contentOf(source, "orders", 0))
})

describe("a copy on a bad way", () => {
  beforeEach(async () => {
    await under.source.log.topics.create("orders", {})
    for (let n = 0; n < 40; n += 2) await appendRecords(under.source, "orders", records(n, 2))
  })

  it("resolves answers that were lost, at every request", async () => {
    for (const kind of ["lost_answer", "cut_body", "lost_request"] as const) {
      let turn = 0
      for (const { network } of [under.source, under.target]) {
        network.inject(() => (turn++ % 2 === 0 ? { kind } : { kind: "none" }))
      }
      await under.copy({ verify: true })
      for (const { network } of [under.source, under.target]) network.inject(() => ({ kind: "none" }))
      expect(await contentOf(under.target, "orders", 0)).toEqual(await contentOf(under.source, "orders", 0))
      await under.target.log.topics.delete("orders")
    }
  })

  it("is not written twice by an append that arrives late", async () => {
    const { network } = under.target
    let late = 0
    network.inject((method, path) =>
      method === "POST" && /\/records/.test(path) && late++ % 3 === 0 ? { kind: "late" } : { kind: "none" },
    )
    await under.copy()
    await network.deliverLate("all")
    expect(await contentOf(under.target, "orders", 0)).toEqual(await contentOf(under.source, "orders", 0))
  })

  it("gives up after a while, and goes on when it is run again", async () => {
    let appends = 0
    under.target.network.inject((method, path) =>
      method === "POST" && /\/records/.test(path) && ++appends > 7 ? { kind: "refused" } : { kind: "none" },
    )
    await expect(under.copy()).rejects.toMatchObject({ code: "connection_failed" })
    expect(appends).toBeGreaterThan(15)
    under.target.network.inject(() => ({ kind: "none" }))
    expect((await under.copy({ verify: true })).partitions).toMatchObject([{ records: 26 }])
    expect(await contentOf(under.target, "orders", 0)).toEqual(await contentOf(under.source, "orders", 0))
  })

  it("is done once by two copies at once", async () => {
    await under.source.log.topic("orders").deleteRecords(0, { before: 5 })
    const other = await under.another()
    const both = await Promise.all([under.copy({ verify: true }), other.copy({ verify: true })])
    expect(both.map(({ partitions }) => partitions[0]?.end.target)).toEqual([40, 40])
    expect(await contentOf(under.target, "orders", 0)).toEqual(await contentOf(under.source, "orders", 0))
  })

  it("leaves marks alone that another copy has set further on", async () => {
    const { target } = under
    await target.log.topics.create("orders", { partitions: 2 })
    for (const partition of [0, 1]) await appendRecords(target, "orders", records(0, 9), partition)
    const mark = (partition: number, at: number) =>
      markCommit({ topic: "orders", partition }, { topicId: "a", position: { source: at, target: at } })
    await writeMarks(target, [mark(0, 5), mark(1, 5)])
    await writeMarks(target, [mark(0, 3), mark(1, 7)])
    const marks = await readMarks(target, "orders")
    expect([0, 1].map((partition) => marks.get(partition)?.position.target)).toEqual([5, 7])
  })

  it("follows until it is stopped, and then finishes", async () => {
    await under.source.log.group("billing").commit([{ topic: "orders", partition: 0, offset: 30 }])
    const stop = new AbortController()
    let [batches, isGrown] = [0, false]
    const grow = async () => {
      for (let n = 40; n < 43; n++) await appendRecords(under.source, "orders", records(n, 1))
      isGrown = true
    }
    const result = await under.copy({ follow: true, verify: true }, stop.signal, () => {
      batches++
      // Behind the twenty that were there three more come; what of them is not copied when it ends is copied then.
      if (batches === 20) void grow()
      if (batches > 20 && (isGrown || batches === 23)) stop.abort(new Error("stopped"))
    })
    expect(result).toMatchObject({ partitions: [{ records: 43, behind: 0 }], groups: [{ group: "billing", moved: 1 }] })
    expect((await under.target.log.topics.get("orders")).overrides).toEqual([])
    expect(await contentOf(under.target, "orders", 0)).toEqual(await contentOf(under.source, "orders", 0))
  })
})
