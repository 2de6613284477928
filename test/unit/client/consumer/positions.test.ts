/** Pause, resume, seek, lag and assignment. */
import { Stratalog } from "stratalog"
import { describe, expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../../fakes/consumer-under-test.ts"

describe("pause", () => {
  it("hands out and fetches nothing of a partition until it resumes, and goes on with the others", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(10))
    const consumer = group.client().consumer({ maxPollRecords: 2 })
    const found: number[][] = [[], []]
    const running = consumer.run({
      eachRecord: ({ partition, offset }) => {
        found[partition]?.push(offset)
        if (partition === 0 && offset === 3) consumer.pause([{ topic: "orders", partitions: [0] }])
      },
    })
    await group.until(() => found[1]?.length === 10)
    const polls = group.service.polls.length
    await group.until(() => group.service.polls.length > polls + 5)
    expect(found[0]).toEqual([0, 1, 2, 3])
    expect(consumer.paused()).toEqual([{ topic: "orders", partitions: [0] }])
    expect(group.service.polls.at(-1)?.body.paused).toEqual([{ topic: "orders", partitions: [0] }])
    consumer.resume()
    await group.until(() => found[0]?.length === 10)
    expect(found[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(consumer.paused()).toEqual([])
    await consumer.close()
    await running
    expect([...group.service.state.committed.values()]).toEqual([10, 10])
  })

  it("of everything keeps the member in its group", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    const consumer = group.client().consumer({ sessionTimeoutMs: 3_000 })
    const running = consumer.run({ eachRecord: () => expect.unreachable() })
    await group.until(() => consumer.assignment().length > 0)
    consumer.pause()
    group.service.append("orders", 0, numbered(3))
    const begun = group.clock.now()
    await group.until(() => group.clock.now() > begun + 60_000)
    expect(group.service.state.members.has(consumer.memberId)).toBe(true)
    await consumer.close()
    await running
  })

  it("by a handler, which resumes it later", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(5))
    const consumer = group.client().consumer()
    const found: number[] = []
    let resume = () => {}
    const running = consumer.run({
      eachRecord: ({ offset }, context) => {
        found.push(offset)
        if (offset === 1) resume = context.pause()
      },
    })
    await group.until(() => consumer.paused().length === 1 && group.service.polls.length > 4)
    expect(found).toEqual([0, 1])
    resume()
    await group.until(() => found.length === 5)
    expect(found).toEqual([0, 1, 2, 3, 4])
    await consumer.close()
    await running
  })
})

describe("seek", () => {
  it("reads on from there, forward and back, whatever was fetched or is in hand", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(20))
    const consumer = group.client().consumer()
    const found: number[] = []
    for await (const { offset } of consumer) {
      found.push(offset)
      if (found.length === 3) consumer.seek({ topic: "orders", partition: 0, offset: 15 })
      if (found.length === 6) consumer.seek({ topic: "orders", partition: 0, offset: 1 })
      if (found.length === 8) break
    }
    expect(found).toEqual([0, 1, 2, 15, 16, 17, 1, 2])
  })

  it("drops what run has taken ahead", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(10))
    const consumer = group.client().consumer()
    const found: number[] = []
    const running = consumer.run({
      eachRecord: ({ offset }) => {
        found.push(offset)
        if (found.length === 2) consumer.seek({ topic: "orders", partition: 0, offset: 7 })
      },
    })
    await group.until(() => found.length === 5)
    expect(found).toEqual([0, 1, 7, 8, 9])
    await consumer.close()
    await running
  })

  it("drops the answer that is on its way", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(5))
    let seek = () => {}
    const answered = async (url: string, init: RequestInit) => {
      const answer = await group.service.fetch(new Request(url, init))
      // It is here, and not read yet.
      if (group.service.recordsSent > 5) seek()
      return answer
    }
    const log = new Stratalog({ url: "http://service.test", fetch: answered, ...group.clock })
    const consumer = log.consumer({ group: "g", topics: ["orders"] })
    const found: number[] = []
    const running = consumer.run({ eachRecord: ({ offset }) => void found.push(offset) })
    await group.until(() => found.length === 5)
    seek = () => {
      seek = () => {}
      consumer.seek({ topic: "orders", partition: 0, offset: 2 })
    }
    group.service.append("orders", 0, numbered(1))
    await group.until(() => found.at(-1) === 5)
    expect(found).toEqual([0, 1, 2, 3, 4, 2, 3, 4, 5])
    await consumer.close()
    await running
  })

  it("in onAssigned says where to begin", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(10))
    const consumer = group.client().consumer({
      onAssigned: (all) => {
        for (const { topic, partitions } of all) {
          for (const partition of partitions) consumer.seek({ topic, partition, offset: 7 })
        }
      },
    })
    const found: string[] = []
    for await (const { partition, offset } of consumer) {
      found.push(`${partition}/${offset}`)
      if (found.length === 6) break
    }
    expect(found.toSorted()).toEqual(["0/7", "0/8", "0/9", "1/7", "1/8", "1/9"])
  })

  it("refuses what is not assigned, and what is no offset", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const consumer = group.client().consumer()
    expect(() => consumer.seek({ topic: "orders", partition: 0, offset: 0 })).toThrow("not assigned")
    expect(() => consumer.seek({ topic: "orders", partition: 0, offset: -1 })).toThrow("no offset")
    expect(() => consumer.pause([{ topic: "orders", partitions: [0] }])).toThrow("not assigned")
  })
})

describe("lag", () => {
  it("is what is not processed yet, from the answers that came, without a request", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(10))
    const client = group.client()
    const consumer = client.consumer()
    expect(consumer.lag()).toEqual({ partitions: [], totalLag: 0 })
    for await (const { offset } of consumer) {
      const { length } = client.network.seen
      const of = { topic: "orders", partition: 0, highWatermark: 10 }
      expect(consumer.lag()).toEqual({
        partitions: [{ ...of, processed: offset, lag: 10 - offset }],
        totalLag: 10 - offset,
      })
      expect(client.network.seen).toHaveLength(length)
      if (offset === 5) break
    }
  })
})
