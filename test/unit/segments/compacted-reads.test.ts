/** What is read over HTTP and by the SDK of a log that was tiered, merged and compacted: gaps are skipped, nothing else. */
import { Stratalog } from "stratalog"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { keyHash } from "../../../functions/codecs/key-hash.ts"
import { nativeCodecs } from "../../../functions/codecs/native-codecs.ts"
import { segmentReader } from "../../../functions/compose/segment-reader.ts"
import { createApi } from "../../../functions/http/api.ts"
import { createApp } from "../../../functions/http/app.ts"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { createRecentLog } from "../../../functions/partitions/recent-log.ts"
import { type UpkeepDependencies, upkeepDefaults } from "../../../functions/segments/dependencies.ts"
import { listSegments } from "../../../functions/segments/list-segments.ts"
import { upkeepAll } from "../../../functions/segments/upkeep/upkeep-all.ts"
import { type HttpApi, openHttpApi } from "../../fakes/http-api.ts"
import { createMemorySegmentIndex } from "../../fakes/memory-segment-index.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"
import { newMemory } from "./fixture.ts"

let names = 0
const defects: unknown[] = []
const RECORDS = 120
const codecs = nativeCodecs()

interface Read {
  readonly offset: number
  readonly key: string
  readonly value: unknown
}

let http: HttpApi
let client: Stratalog
let upkeep: UpkeepDependencies
let written: Read[]
/** The records that compaction may not remove. */
let last: Read[]

beforeAll(async () => {
  const index = createMemorySegmentIndex()
  const { deps: base } = partitionsDeps()
  const segments = segmentReader({ index, objects: base.objects, crc32c: codecs.crc32c, memory: newMemory() })
  const partitions = { ...base, segments }
  const log = createIndexedLog(partitions)
  http = openHttpApi({ log })
  const app = createApp(createApi(http.deps, allEndpoints, { defect: (_route, _id, error) => defects.push(error) }), {
    requestId: () => "r",
  })
  client = new Stratalog({
    url: "http://service.test",
    fetch: async (input, init) => app.fetch(new Request(input, init)),
  })
  upkeep = {
    objects: base.objects,
    index,
    recent: createRecentLog(partitions),
    log,
    codecs,
    keyHash,
    uniqueName: () => `n${++names}`,
    clock: { now: () => base.clock.now() + 86_400_000 },
    settings: { ...upkeepDefaults, segmentBytes: 12_000 },
  }
  const config = { "cleanup.policy": "compact", "segment.bytes": 4096 }
  expect((await http.send("PUT", "/v1/topics/t", { json: { partitions: 1, config } })).status).toBe(201)
  written = Array.from({ length: RECORDS }, (_, offset) => ({
    offset,
    key: `k${(offset * offset) % 17}`,
    value: offset % 23 === 7 ? null : { n: offset, pad: "x".repeat(300) },
  }))
  for (let at = 0; at < RECORDS; at += 3) {
    const records = written
      .slice(at, at + 3)
      .map(({ key, value }) => ({ key, value, timestamp: 1_763_500_000_000 + at }))
    expect((await http.send("POST", "/v1/topics/t/partitions/0/records", { json: { records } })).status).toBe(200)
  }
  last = written.filter(({ key }, at) => !written.slice(at + 1).some((later) => later.key === key))
  for (let runs = 0; runs < 3; runs++) {
    const { report } = await upkeepAll(upkeep, http.deps.topics, { until: Number.POSITIVE_INFINITY, sweep: true })
    expect(report.failures).toEqual([])
  }
})

afterAll(() => {
  http.dispose()
  expect([...http.defects, ...defects]).toEqual([])
})

describe("a compacted log", () => {
  it("lies in segments for the most part, and has gaps", async () => {
    const topic = await http.deps.topics.get("t")
    const partition = { topicId: topic?.id ?? "", partition: 0 }
    const segments = await listSegments(upkeep.index, partition, 0, Number.POSITIVE_INFINITY)
    if (!Array.isArray(segments)) throw new Error(segments.detail)
    expect(segments.at(-1)?.endOffset).toBeGreaterThan(90)
    expect(segments.every(({ compactedTo }) => compactedTo > 0)).toBe(true)
  })

  it.each([1, 2, 7, 1000])("is read over HTTP from end to end, %i records at a time", async (limit) => {
    expectCompacted(await fetchAll(limit))
  })

  it("is read over HTTP from any offset", async () => {
    const whole = await fetchAll(1000)
    for (let offset = 0; offset < RECORDS; offset++) {
      const { records, nextOffset } = await fetchJson(`offset=${offset}&limit=1000&maxBytes=4000000`)
      const from = whole.filter((record) => record.offset >= offset && record.offset < nextOffset)
      expect(records).toEqual(from)
    }
  })

  it("is read by the SDK from end to end, in batches of any size", async () => {
    for (const batchBytes of [1, 2_000, 1_000_000]) {
      const read: Read[] = []
      for await (const { offset, key, value } of client.topic("t").read({ batchBytes })) {
        read.push({ offset, key: String(key), value })
      }
      expectCompacted(read)
    }
  })

  it("is found by time", async () => {
    for (const at of [0, 30, 60, 117]) {
      const answer = await http.send("GET", `/v1/topics/t/offsets?timestamp=${1_763_500_000_000 + at}`)
      const found: { offsets: { offset: number }[] } = JSON.parse(await answer.text())
      const first = (await fetchAll(1000)).find(({ offset }) => offset >= at)
      expect(found.offsets[0]?.offset).toBe(first?.offset)
    }
  })
})

/** Every last record of a key is there, and nothing that was not written; fewer than were written. */
function expectCompacted(read: readonly Read[]): void {
  expect(read).toEqual(written.filter(({ offset }) => read.some((record) => record.offset === offset)))
  expect(read).toEqual(expect.arrayContaining(last))
  expect(read.length).toBeLessThan(RECORDS / 2)
}

async function fetchAll(limit: number): Promise<Read[]> {
  const read: Read[] = []
  for (let offset = 0; offset < RECORDS; ) {
    const { records, nextOffset } = await fetchJson(`offset=${offset}&limit=${limit}`)
    expect(nextOffset).toBeGreaterThan(offset)
    expect(records.length).toBeLessThanOrEqual(limit)
    read.push(...records)
    offset = nextOffset
  }
  return read
}

async function fetchJson(query: string): Promise<{ readonly records: readonly Read[]; readonly nextOffset: number }> {
  const answer = await http.send("GET", `/v1/topics/t/partitions/0/records?${query}`)
  const { records, nextOffset }: { records: Read[]; nextOffset: number } = JSON.parse(await answer.text())
  return { records: records.map(({ offset, key, value }) => ({ offset, key, value })), nextOffset }
}
