/** `for await` over a consumer: what is handed out, and what counts as processed. */

import { getEventListeners } from "node:events"
import { SchemaError } from "stratalog"
import { describe, expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../../fakes/consumer-under-test.ts"

describe("a loop over records", () => {
  it("gives all of every partition, each in its order, commits at the end and leaves", async () => {
    const group = new ConsumersUnderTest({ orders: 3 })
    const { state } = group.service
    for (const partition of [0, 1, 2]) group.service.append("orders", partition, numbered(20, partition * 100))
    const found: number[] = []
    const consumer = group.client().consumer()
    for await (const record of consumer) {
      found.push(Number(record.value))
      if (found.length < 60) continue
      await consumer.commit()
      break
    }
    for (const partition of [0, 1, 2]) {
      const own = found.filter((value) => Math.floor(value / 100) === partition)
      expect(own).toEqual(numbered(20, partition * 100).map(({ value }) => value))
      expect(state.committed.get(`orders/${partition}`)).toBe(20)
    }
    expect(state.members.size).toBe(0)
  })

  it("counts a record as processed when the next is asked for, and one that is left by break not at all", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(10))
    for await (const record of group.client().consumer()) if (record.offset === 4) break
    expect(group.service.state.committed.get("orders/0")).toBe(4)
    const again: number[] = []
    for await (const record of group.client().consumer()) {
      again.push(record.offset)
      if (record.offset === 9) break
    }
    expect(again).toEqual([4, 5, 6, 7, 8, 9])
  })

  it("does not count a record whose body throws", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(10))
    const loop = async () => {
      for await (const record of group.client().consumer()) if (record.offset === 3) throw new Error("no")
    }
    await expect(loop()).rejects.toThrow("no")
    expect(group.service.state.committed.get("orders/0")).toBe(3)
    expect(group.service.state.members.size).toBe(0)
  })

  it("commits by hand what its body has in hand, and without autoCommit nothing else", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(10))
    const consumer = group.client().consumer({ autoCommit: false })
    for await (const record of consumer) {
      if (record.offset === 4) await consumer.commit()
      if (record.offset === 8) break
    }
    expect(group.service.state.commits.map(({ offset }) => offset)).toEqual([5])
  })

  it("ends without an error when its signal aborts, after the record in hand, which counts", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(10))
    const leaving = new AbortController()
    const found: number[] = []
    for await (const record of group.client().consumer({ signal: leaving.signal })) {
      found.push(record.offset)
      if (record.offset === 2) leaving.abort()
    }
    expect(found).toEqual([0, 1, 2])
    expect(group.service.state.committed.get("orders/0")).toBe(3)
    expect(group.service.state.members.size).toBe(0)
  })

  it("leaves nothing behind on a signal that lives for longer", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(1))
    const { signal } = new AbortController()
    for await (const _ of group.client().consumer({ signal })) break
    expect(getEventListeners(signal, "abort")).toEqual([])
  })

  it("ends at once where the signal was aborted before, without a request", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const client = group.client()
    for await (const _ of client.consumer({ signal: AbortSignal.abort() })) expect.unreachable()
    expect(client.network.seen).toEqual([])
  })

  it("waits for records, and is ended by close while it waits", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const consumer = group.client().consumer()
    const loop = consumer[Symbol.asyncIterator]()
    const first = loop.next()
    await group.until(() => group.service.polls.length > 3)
    group.service.append("orders", 0, numbered(1))
    expect((await first).value).toMatchObject({ offset: 0, value: 0, key: "k0" })
    const second = loop.next()
    await consumer.close()
    expect(await second).toEqual({ done: true, value: undefined })
    expect(group.service.state.committed.get("orders/0")).toBe(1)
  })

  it("throws a record that does not decode, and counts nothing from there on", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, [{ value: 1 }, { value: new Uint8Array([0xff]) }, { value: 3 }])
    const loop = async () => {
      for await (const record of group.client().consumer()) expect(record.value).toBe(1)
    }
    const error = await loop().catch((thrown) => thrown)
    expect(error).toBeInstanceOf(SchemaError)
    expect(error).toMatchObject({ topic: "orders", partition: 0, offset: 1 })
    expect(group.service.state.committed.get("orders/0")).toBe(1)
  })

  it("refuses to be read twice", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const consumer = group.client().consumer()
    consumer.batches()
    await expect(consumer.run({ eachRecord: () => {} })).rejects.toMatchObject({ code: "consumer_closed" })
    await consumer.close()
  })
})

describe("a loop over batches", () => {
  it("gives up to maxPollRecords of one partition, and counts them when the next is asked for", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(25))
    const sizes: number[] = []
    for await (const batch of group.client().consumer({ maxPollRecords: 10 }).batches()) {
      expect(batch.records.map(({ offset }) => offset)).toEqual(
        batch.records.map((_, at) => (batch.records[0]?.offset ?? 0) + at),
      )
      expect(batch.nextOffset).toBe((batch.records.at(-1)?.offset ?? 0) + 1)
      expect(batch.highWatermark).toBe(25)
      sizes.push(batch.records.length)
      if (sizes.length === 6) break
    }
    expect(sizes.toSorted()).toEqual([10, 10, 10, 10, 5, 5])
    const { committed } = group.service.state
    expect((committed.get("orders/0") ?? 0) + (committed.get("orders/1") ?? 0)).toBe(45)
  })

  it("commits a batch by hand", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(30))
    for await (const batch of group.client().consumer({ maxPollRecords: 10, autoCommit: false }).batches()) {
      if (batch.nextOffset === 20) await batch.commit()
      if (batch.nextOffset === 30) break
    }
    expect(group.service.state.committed.get("orders/0")).toBe(20)
  })
})
