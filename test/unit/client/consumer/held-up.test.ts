/** What is slow, paused, failing or on its way out does not hold up the rest. */
import { describe, expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../../fakes/consumer-under-test.ts"
import { gate } from "../../../fakes/gate.ts"
import { Refusal } from "../../../fakes/group-state.ts"

describe("a partition that was to go and is this member's again before it went", () => {
  it("is not asked for until what is in hand of it is finished", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(3))
    const consumer = group.client().consumer()
    const stuck = gate()
    const found: string[] = []
    const running = consumer.run({
      concurrency: 6,
      eachRecord: async ({ partition, offset }) => {
        if (partition === 1) await stuck.passed
        found.push(`${partition}/${offset}`)
      },
    })
    await group.until(() => found.length === 3)
    const { state } = group.service
    state.share = (partition) => (partition === 1 ? undefined : consumer.memberId)
    state.deal()
    group.service.wake()
    await group.until(() => consumer.assignment()[0]?.partitions.length === 1)
    state.share = () => consumer.memberId
    state.deal()
    const before = group.service.polls.length
    const begun = group.clock.now()
    await group.until(() => group.clock.now() > begun + 60_000)
    // One each heartbeat, at most.
    expect(group.service.polls.length - before).toBeLessThan(150)
    stuck.open()
    await group.until(() => found.length === 6)
    await consumer.close()
    await running
    expect(found.toSorted()).toEqual(["0/0", "0/1", "0/2", "1/0", "1/1", "1/2"])
  })
})

describe("a paused partition", () => {
  it.each([1, 2])("lets others go on, with a concurrency of %i", async (concurrency) => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(20))
    const consumer = group.client().consumer()
    const found: number[][] = [[], []]
    let resume = () => {}
    const running = consumer.run({
      concurrency,
      eachRecord: ({ partition, offset }, { pause }) => {
        found[partition]?.push(offset)
        if (partition === 0 && offset === 1) resume = pause()
      },
    })
    await group.until(() => found[1]?.length === 20)
    expect(found[0]?.length).toBeLessThan(4)
    resume()
    await group.until(() => found[0]?.length === 20)
    expect(found[0]).toEqual(numbered(20).map(({ value }) => value))
    await consumer.close()
    await running
  })

  it("lets others go on where it is paused in the middle of its batches", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(20))
    const consumer = group.client().consumer({ maxPollRecords: 5 })
    const found: number[] = [0, 0]
    const running = consumer.run({
      eachBatch: async ({ partition, records }, { pause }) => {
        await group.clock.sleep(1)
        found[partition] = (found[partition] ?? 0) + records.length
        if (partition === 0) pause()
      },
    })
    await group.until(() => found[1] === 20)
    await consumer.close()
    await running
  })

  it("lets partitions go on that come later", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(20))
    const { state } = group.service
    state.share = (partition, [first]) => (partition === 0 ? first : undefined)
    const consumer = group.client().consumer({ maxPollRecords: 5 })
    const found: number[] = [0, 0]
    const running = consumer.run({
      eachRecord: ({ partition }, { pause }) => {
        found[partition] = (found[partition] ?? 0) + 1
        if (partition === 0) pause()
      },
    })
    await group.until(() => found[0] === 1)
    state.share = () => consumer.memberId
    state.deal()
    group.service.wake()
    await group.until(() => found[1] === 20)
    await consumer.close()
    await running
  })
})

describe("the back-off of a record that fails", () => {
  it("does not hold up the partition's way to another member", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(1))
    const one = group.client().consumer()
    let calls = 0
    const running = one.run({
      retry: { attempts: 10, baseMs: 250_000, maxMs: 250_000 },
      eachRecord: ({ partition }) => {
        if (partition === 0) return
        calls++
        throw new Error("not yet")
      },
    })
    await group.until(() => calls === 1)
    const begun = group.clock.now()
    const two = group.client().consumer()
    const found: number[] = []
    const other = two.run({ eachRecord: ({ partition }) => void found.push(partition) })
    await group.until(() => found.length === 1)
    expect(found).toEqual([1])
    expect(group.clock.now() - begun).toBeLessThan(60_000)
    expect(calls).toBe(1)
    await Promise.all([one.close(), two.close(), running, other])
  })
})

describe("a commit that stays refused", () => {
  it("is not tried without a pause", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    group.service.refuse = ({ body }) =>
      body.commit === undefined ? undefined : new Refusal("offset_beyond_end", "it is not that long any more")
    const consumer = group.client().consumer()
    const running = consumer.run({ eachRecord: () => consumer.pause() })
    const begun = group.clock.now()
    await group.until(() => group.clock.now() > begun + 60_000)
    expect(group.service.polls.length).toBeLessThan(60)
    await consumer.close()
    await running
  })
})

describe("records taken ahead", () => {
  it("are bounded by bytes, too", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const value = "x".repeat(1_000)
    group.service.append(
      "orders",
      0,
      Array.from({ length: 200 }, () => ({ value })),
    )
    const consumer = group.client().consumer({ fetchMaxBytes: 10_000 })
    const work = gate()
    let found = 0
    const running = consumer.run({
      eachRecord: async () => {
        found++
        await work.passed
      },
    })
    await group.until(() => found === 1)
    const begun = group.clock.now()
    await group.until(() => group.clock.now() > begun + 60_000)
    // Ahead, in the buffer, and one answer more of each.
    expect(group.service.recordsSent).toBeLessThanOrEqual(45)
    work.open()
    await group.until(() => found === 200)
    await consumer.close()
    await running
  })
})

describe("a key that is stuck", () => {
  it("does not starve other partitions, however many records wait behind it", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    const value = "x".repeat(1_000)
    group.service.append(
      "orders",
      0,
      Array.from({ length: 100 }, () => ({ key: "a", value })),
    )
    const consumer = group.client().consumer({ fetchMaxBytes: 10_000, maxPollRecords: 10 })
    const stuck = gate()
    let found = 0
    let other = 0
    const running = consumer.run({
      concurrency: 4,
      eachRecord: async ({ partition }) => {
        if (partition === 1) other++
        else if (found++ === 0) await stuck.passed
      },
    })
    const begun = group.clock.now()
    await group.until(() => group.clock.now() > begun + 60_000)
    group.service.append("orders", 1, numbered(30))
    await group.until(() => other === 30)
    expect(found).toBe(1)
    stuck.open()
    await group.until(() => found === 100)
    await consumer.close()
    await running
  })
})
