/** `consumer.run`: handlers in parallel, retries, dead letters, and what a slow handler holds up. */
import { RecordFailedError } from "stratalog"
import { describe, expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../../fakes/consumer-under-test.ts"
import { gate } from "../../../fakes/gate.ts"

describe("run with eachRecord", () => {
  it("keeps the order of each key while keys run in parallel, and processes each record once", async () => {
    const group = new ConsumersUnderTest({ orders: 4 })
    for (let partition = 0; partition < 4; partition++) group.service.append("orders", partition, numbered(60))
    const consumer = group.client().consumer()
    const busy = new Set<string>()
    const last = new Map<string, number>()
    let most = 0
    let found = 0
    const running = consumer.run({
      concurrency: 8,
      eachRecord: async ({ partition, key, offset }) => {
        const lane = `${partition}/${key}`
        expect(busy.has(lane)).toBe(false)
        expect(offset).toBeGreaterThan(last.get(lane) ?? -1)
        busy.add(lane)
        last.set(lane, offset)
        most = Math.max(most, busy.size)
        await group.clock.sleep(((offset * 7) % 5) + 1)
        busy.delete(lane)
        found++
      },
    })
    await group.until(() => found === 240)
    await consumer.close()
    await running
    expect(found).toBe(240)
    expect(most).toBe(8)
    expect([...group.service.state.committed.values()]).toEqual([60, 60, 60, 60])
  })

  it("keeps each partition's order with a concurrency of one", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    const keys = ["a", "a", "b", "a", null]
    const records = Array.from({ length: 20 }, (_, value) => ({ key: keys[value % 5] ?? null, value }))
    for (const partition of [0, 1]) group.service.append("orders", partition, records)
    const consumer = group.client().consumer()
    const found: number[][] = [[], []]
    const running = consumer.run({ eachRecord: ({ partition, offset }) => void found[partition]?.push(offset) })
    await group.until(() => found.flat().length === 40)
    expect(found).toEqual([0, 1].map(() => Array.from({ length: 20 }, (_, offset) => offset)))
    await consumer.close()
    await running
  })

  it("commits only what all records below were processed of", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(9))
    const consumer = group.client().consumer({ autoCommitIntervalMs: 0 })
    const stuck = gate()
    let found = 0
    const running = consumer.run({
      concurrency: 3,
      eachRecord: async ({ offset }) => {
        if (offset === 4) await stuck.passed
        found++
      },
    })
    await group.until(() => found === 7)
    await group.until(() => group.service.state.committed.get("orders/0") === 4)
    stuck.open()
    await group.until(() => group.service.state.committed.get("orders/0") === 9)
    await consumer.close()
    await running
  })

  it("stays in the group while a handler takes longer than any time-out, with one request a heartbeat", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(40))
    const consumer = group.client().consumer({ sessionTimeoutMs: 6_000, fetchMaxBytes: 1 })
    const begun = group.clock.now()
    let found = 0
    const running = consumer.run({
      eachRecord: async ({ offset }) => {
        if (offset === 0) await group.clock.sleep(600_000)
        found++
      },
    })
    await group.until(() => found === 40)
    const heartbeats = (group.clock.now() - begun) / 2_000
    expect(group.service.polls.length).toBeLessThan(heartbeats + 60)
    await consumer.close()
    await running
    expect(group.service.state.committed.get("orders/0")).toBe(40)
    expect(group.service.polls.filter(({ body }) => body.memberEpoch === 0)).toHaveLength(1)
  })

  it("fetches no more than its buffer holds, and never what it has", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    const value = "x".repeat(1_000)
    for (const partition of [0, 1]) {
      group.service.append(
        "orders",
        partition,
        Array.from({ length: 100 }, () => ({ value })),
      )
    }
    const consumer = group.client().consumer({ fetchMaxBytes: 10_000, maxPollRecords: 5 })
    const work = gate()
    let found = 0
    const running = consumer.run({
      eachRecord: async () => {
        if (found++ === 3) await work.passed
      },
    })
    await group.until(() => group.service.polls.length > 8)
    // One buffer and one answer, of 10 records each, beside what the handlers have.
    expect(group.service.recordsSent).toBeLessThanOrEqual(4 + 5 + 20)
    work.open()
    await group.until(() => found === 200)
    expect(group.service.recordsSent).toBe(200)
    await consumer.close()
    await running
  })

  it("tries a record again with a back-off, while other keys go on", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(9))
    const consumer = group.client().consumer()
    const found: number[] = []
    const attempts: number[] = []
    const running = consumer.run({
      concurrency: 3,
      eachRecord: ({ offset }, { attempt }) => {
        if (offset === 1) attempts.push(attempt)
        if (offset === 1 && attempt < 4) throw new Error("not yet")
        found.push(offset)
      },
    })
    await group.until(() => found.length === 9)
    expect(attempts).toEqual([1, 2, 3, 4])
    // Its own key waited, the others did not.
    expect(found.filter((offset) => offset % 3 === 1)).toEqual([1, 4, 7])
    expect(found.indexOf(1)).toBeGreaterThan(found.indexOf(6))
    await consumer.close()
    await running
  })

  it("sends what cannot be processed to the dead-letter topic, bytes and headers as they were, with the reason", async () => {
    const group = new ConsumersUnderTest({ orders: 1, dead: 3 })
    const bytes = new Uint8Array([0xff, 0x00, 0x7b])
    group.service.append("orders", 0, [
      { key: "a", value: 1 },
      { key: "b", value: bytes },
      { key: null, value: 3 },
    ])
    const consumer = group.client().consumer()
    const running = consumer.run({
      retry: { attempts: 3 },
      deadLetterTopic: "dead",
      eachRecord: ({ offset }) => {
        if (offset === 2) throw new RangeError("too much")
      },
    })
    await group.until(() => consumer.lag().partitions[0]?.processed === 3)
    await consumer.close()
    await running
    const dead = (group.service.logs.get("dead") ?? []).flat()
    expect(dead).toHaveLength(2)
    const letters = dead.map(({ key, value, headers = [] }) => ({
      key,
      value,
      ...Object.fromEntries(headers.map(([name, data]) => [name, new TextDecoder().decode(data ?? undefined)])),
    }))
    const common = { "dlq.topic": "orders", "dlq.partition": "0", "dlq.group": "g" }
    expect(letters.find((letter) => letter.key !== null)).toMatchObject({
      ...common,
      value: bytes,
      "dlq.offset": "1",
      "dlq.error": "SchemaError",
      "dlq.attempts": "1",
      "dlq.timestamp": "1001",
    })
    expect(letters.find((letter) => letter.key === null)).toMatchObject({
      ...common,
      value: new TextEncoder().encode("3"),
      "dlq.offset": "2",
      "dlq.error": "RangeError",
      "dlq.message": "too much",
      "dlq.attempts": "3",
    })
    expect(group.service.state.committed.get("orders/0")).toBe(3)
  })

  it.each([
    ["there is no dead-letter topic", undefined],
    ["it cannot be written to", "missing"],
  ])("ends with the record's error where %s, and commits nothing behind it", async (_, deadLetterTopic) => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(9))
    const consumer = group.client().consumer()
    const running = consumer.run({
      retry: { attempts: 2 },
      deadLetterTopic,
      eachRecord: ({ offset }) => {
        if (offset === 4) throw new Error("poison")
      },
    })
    const error = await running.catch((thrown) => thrown)
    expect(error).toBeInstanceOf(RecordFailedError)
    expect(error).toMatchObject({ topic: "orders", partition: 0, offset: 4, attempts: 2 })
    expect(group.service.state.committed.get("orders/0")).toBe(4)
    expect(group.service.state.members.size).toBe(0)
  })

  it("finishes what is in hand when its signal aborts, and begins nothing more", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(30))
    const leaving = new AbortController()
    const found: number[] = []
    await group
      .client()
      .consumer()
      .run({
        concurrency: 3,
        signal: leaving.signal,
        eachRecord: async ({ offset }) => {
          if (offset === 5) leaving.abort()
          await group.clock.sleep(50)
          found.push(offset)
        },
      })
    expect(found.toSorted()).toEqual([0, 1, 2, 3, 4, 5])
    expect(group.service.state.committed.get("orders/0")).toBe(6)
    expect(group.service.state.members.size).toBe(0)
  })

  it("does not wait for a handler that does not end beyond the time that close has", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    const consumer = group.client().consumer()
    const stuck = gate()
    let signal: AbortSignal | undefined
    const running = consumer.run({
      eachRecord: async ({ offset }, context) => {
        signal = context.signal
        if (offset === 1) await stuck.passed
      },
    })
    await group.until(() => consumer.lag().totalLag === 2)
    await consumer.close({ timeoutMs: 5_000 })
    expect(signal?.aborted).toBe(true)
    expect(group.service.state.committed.get("orders/0")).toBe(1)
    expect(group.service.state.members.size).toBe(0)
    stuck.open()
    await running
  })

  it("gives up the back-off of a record when it closes", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    const consumer = group.client().consumer()
    let calls = 0
    const running = consumer.run({
      retry: { attempts: 1_000, baseMs: 1e9, maxMs: 1e9 },
      eachRecord: () => {
        calls++
        throw new Error("again")
      },
    })
    await group.until(() => calls === 1)
    await consumer.close()
    await running
    expect(calls).toBe(1)
    expect(group.service.state.committed.size).toBe(0)
  })
})

describe("run with eachBatch", () => {
  it("gives batches of one partition in order, partitions in parallel", async () => {
    const group = new ConsumersUnderTest({ orders: 3 })
    for (let partition = 0; partition < 3; partition++) group.service.append("orders", partition, numbered(50))
    const consumer = group.client().consumer({ maxPollRecords: 10 })
    const next = [0, 0, 0]
    let found = 0
    const running = consumer.run({
      concurrency: 3,
      eachBatch: async ({ partition, records, nextOffset }) => {
        expect(records[0]?.offset).toBe(next[partition])
        await group.clock.sleep(10)
        next[partition] = nextOffset
        found += records.length
      },
    })
    await group.until(() => found === 150)
    await consumer.close()
    await running
    expect([...group.service.state.committed.values()]).toEqual([50, 50, 50])
  })

  it("finds the record that makes a batch fail, and goes on with the others", async () => {
    const group = new ConsumersUnderTest({ orders: 1, dead: 1 })
    group.service.append("orders", 0, numbered(10))
    const consumer = group.client().consumer()
    const done = new Set<number>()
    const running = consumer.run({
      retry: { attempts: 2 },
      deadLetterTopic: "dead",
      eachBatch: ({ records }) => {
        for (const { offset } of records) {
          if (offset === 6) throw new Error("poison")
          done.add(offset)
        }
      },
    })
    await group.until(() => consumer.lag().partitions[0]?.processed === 10)
    await consumer.close()
    await running
    expect([...done].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 7, 8, 9])
    expect(group.service.logs.get("dead")?.flat()).toHaveLength(1)
    expect(group.service.state.committed.get("orders/0")).toBe(10)
  })
})
