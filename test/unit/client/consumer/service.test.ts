/** Consumers in groups of the real service, in this process. */
import type { ConsumerRecord, Stratalog } from "stratalog"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { clientOf } from "../../../fakes/client-under-test.ts"
import { type EmbeddedService, openEmbeddedService } from "../../../fakes/embedded-service.ts"
import { settled } from "../../../fakes/settled.ts"

let service: EmbeddedService
let log: Stratalog
let topic: string
let count = 0

beforeAll(async () => {
  service = await openEmbeddedService()
  log = clientOf(service).log
})

afterAll(() => service.close())

beforeEach(async () => {
  topic = `orders-${count++}`
  await log.topics.create(topic, { partitions: 4 })
})

async function produce(records: number, from = 0): Promise<void> {
  const producer = log.topic(topic).producer({ lingerMs: 0 })
  for (let value = from; value < from + records; value++) void producer.send({ key: `k${value % 10}`, value })
  await producer.close()
}

const placeOf = ({ partition, offset }: ConsumerRecord) => `${partition}/${offset}`

describe("a consumer of the service", () => {
  it("reads all, commits, leaves, and goes on there", async () => {
    await produce(200)
    const first: string[] = []
    const consumer = log.consumer({ group: topic, topics: [topic] })
    for await (const record of consumer) {
      first.push(placeOf(record))
      if (first.length < 200) continue
      await consumer.commit()
      break
    }
    expect(new Set(first).size).toBe(200)
    expect((await log.group(topic).lag()).totalLag).toBe(0)
    expect((await log.group(topic).describe()).members).toEqual([])
    await produce(50, 200)
    const second: ConsumerRecord[] = []
    for await (const batch of log.consumer({ group: topic, topics: [topic] }).batches()) {
      second.push(...batch.records)
      if (second.length === 50) break
    }
    expect(second.map(({ value }) => value).toSorted()).toEqual(
      Array.from({ length: 50 }, (_, at) => 200 + at).toSorted(),
    )
  })

  it("waits for records and gets them at once, one request for each answer", async () => {
    const { log: own, network } = clientOf(service)
    const consumer = own.consumer({ group: topic, topics: [topic] })
    const found: unknown[] = []
    const running = consumer.run({ eachRecord: ({ value }) => void found.push(value) })
    await settled(() => consumer.assignment().length === 1)
    network.seen.length = 0
    for (let value = 0; value < 20; value++) {
      await log.topic(topic).produce({ value })
      await settled(() => found.length === value + 1)
    }
    expect(found).toEqual(Array.from({ length: 20 }, (_, value) => value))
    expect(network.count("POST", /\/poll$/)).toBeLessThanOrEqual(21)
    await consumer.close()
    await running
    expect((await log.group(topic).lag()).totalLag).toBe(0)
  })

  it("begins at the end where it says latest, and misses nothing from then on", async () => {
    await produce(20)
    const consumer = log.consumer({ group: topic, topics: [topic], from: "latest" })
    const found: unknown[] = []
    const running = consumer.run({ eachRecord: ({ value }) => void found.push(value) })
    await settled(() => consumer.lag().partitions.filter(({ lag }) => lag === 0).length === 4)
    await produce(20, 20)
    await settled(() => found.length === 20)
    expect(found.toSorted()).toEqual(Array.from({ length: 20 }, (_, at) => 20 + at))
    await consumer.close()
    await running
  })

  it("ends where autoOffsetReset is none and nothing is committed", async () => {
    const consumer = log.consumer({ group: topic, topics: [topic], autoOffsetReset: "none" })
    await expect(consumer.run({ eachRecord: () => {} })).rejects.toMatchObject({ code: "no_committed_offset" })
  })

  it("waits for a topic that is not there yet, says so, and reads it once it is", async () => {
    const missing = `${topic}-later`
    const problems: string[] = []
    const consumer = log.consumer({
      group: topic,
      topics: [missing],
      fetchMaxWaitMs: 50,
      onProblem: ({ code }) => void problems.push(code),
    })
    const found: unknown[] = []
    const running = consumer.run({ eachRecord: ({ value }) => void found.push(value) })
    await settled(() => problems.length > 0)
    expect(problems).toEqual(["topic_not_found"])
    await log.topics.create(missing, { partitions: 1 })
    await log.topic(missing).produce({ value: "first" })
    await settled(() => found.length === 1)
    await consumer.close()
    await running
  })

  it("reads the topics that a pattern takes in, also new ones", async () => {
    const consumer = log.consumer({ group: topic, topics: [`^${topic}-.*`], fetchMaxWaitMs: 50 })
    const found: string[] = []
    const running = consumer.run({ eachRecord: (record) => void found.push(record.topic) })
    for (const name of [`${topic}-a`, `${topic}-b`]) {
      await log.topics.create(name, { partitions: 1 })
      await log.topic(name).produce({ value: 1 })
      await settled(() => found.includes(name))
    }
    await consumer.close()
    await running
  })

  it("shares the partitions with others that come and go, each record once and each key in its order", async () => {
    const seen = new Map<string, number[]>()
    let found = 0
    const start = () => {
      const consumer = clientOf(service).log.consumer({ group: topic, topics: [topic] })
      const running = consumer.run({
        concurrency: 4,
        eachRecord: async ({ key, value }) => {
          await Promise.resolve()
          seen.set(String(key), [...(seen.get(String(key)) ?? []), Number(value)])
          found++
        },
      })
      return { consumer, running }
    }
    const members = [start()]
    for (let round = 0; round < 4; round++) {
      await produce(100, round * 100)
      members.push(start())
      if (round === 2) await members.shift()?.consumer.close()
    }
    await settled(() => found === 400)
    await Promise.all(members.map(({ consumer }) => consumer.close()))
    await Promise.all(members.map(({ running }) => running))
    expect(found).toBe(400)
    for (const [key, values] of seen) {
      expect(values, key).toEqual(values.toSorted((one, other) => one - other))
      expect(values).toHaveLength(40)
    }
    expect((await log.group(topic).lag()).totalLag).toBe(0)
  })

  it("begins where a reset put its group, which has to be empty", async () => {
    await produce(40)
    const consumer = log.consumer({ group: topic, topics: [topic] })
    let found = 0
    for await (const _ of consumer) {
      if (++found < 40) continue
      await consumer.commit()
      const executed = log.group(topic).reset({ to: "earliest", execute: true })
      await expect(executed).rejects.toMatchObject({ code: "group_not_empty" })
      break
    }
    const planned = await log.group(topic).reset({ shift: -2 })
    expect(planned.executed).toBe(false)
    expect((await log.group(topic).lag()).totalLag).toBe(0)
    const { offsets } = await log.group(topic).reset({ shift: -2, execute: true })
    const again = offsets.reduce((sum, { committedOffset, newOffset }) => sum + (committedOffset ?? 0) - newOffset, 0)
    let read = 0
    for await (const _ of log.consumer({ group: topic, topics: [topic] })) if (++read === again) break
    expect(again).toBeGreaterThan(0)
  })

  it("passes over what the group is past already", async () => {
    await produce(40)
    const consumer = log.consumer({ group: topic, topics: [topic], autoCommit: false })
    for await (const { partition, offset } of consumer) {
      if (offset < 1) continue
      await consumer.commit([{ topic, partition, offset: offset + 1 }])
      await consumer.commit([{ topic, partition, offset: 1 }])
      const [committed] = await log.group(topic).committed()
      expect(committed).toMatchObject({ partition, offset: offset + 1 })
      break
    }
  })

  it("reads a topic that was deleted and made again from its beginning", async () => {
    await produce(40)
    const consumer = log.consumer({ group: topic, topics: [topic], fetchMaxWaitMs: 50, autoCommitIntervalMs: 0 })
    const found: unknown[] = []
    const running = consumer.run({ eachRecord: ({ value }) => void found.push(value) })
    await settled(() => found.length === 40)
    await log.topics.delete(topic)
    await log.topics.create(topic, { partitions: 4 })
    await produce(8, 100)
    await settled(() => found.length === 48)
    expect(found.slice(40).toSorted()).toEqual([100, 101, 102, 103, 104, 105, 106, 107])
    await consumer.close()
    await running
    expect((await log.group(topic).lag()).totalLag).toBe(0)
  })
})
