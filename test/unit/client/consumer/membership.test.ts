/** Partitions that come and go: what is finished, committed and given up, and what is dropped. */
import type { ConsumerRecord, TopicPartitions } from "stratalog"
import { describe, expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../../fakes/consumer-under-test.ts"
import { gate } from "../../../fakes/gate.ts"
import { Refusal } from "../../../fakes/group-state.ts"

type Told = readonly [what: "assigned" | "revoked" | "lost", partitions: readonly TopicPartitions[]]

describe("a rebalance", () => {
  it("finishes what is in hand, tells the application, commits, and only then gives partitions up", async () => {
    const group = new ConsumersUnderTest({ orders: 4 })
    for (const partition of [0, 1, 2, 3]) group.service.append("orders", partition, numbered(5))
    const told: Told[] = []
    const one = group.client().consumer({
      onAssigned: (partitions) => void told.push(["assigned", partitions]),
      onRevoked: async (partitions, { lost }) => {
        await Promise.resolve()
        // The next owner has to wait until this is done.
        for (const { topic, partitions: own } of partitions) {
          for (const partition of own) expect(group.service.state.holderOf(topic, partition)).toBe(one.memberId)
        }
        told.push([lost ? "lost" : "revoked", partitions])
      },
    })
    const seen: string[] = []
    const work = gate()
    const running = one.run({
      eachRecord: async ({ partition, offset }) => {
        seen.push(`${partition}/${offset}`)
        if (seen.length === 8) await work.passed
      },
    })
    await group.until(() => seen.length === 8)
    const two = group.client().consumer()
    const other: string[] = []
    const loop = (async () => {
      for await (const { partition, offset } of two) other.push(`${partition}/${offset}`)
    })()
    await group.until(() => group.service.polls.filter(({ memberId }) => memberId === two.memberId).length > 3)
    expect(group.service.state.holderOf("orders", 1)).toBe(one.memberId)
    work.open()
    await group.until(() => seen.length + other.length === 20)
    await Promise.all([one.close(), two.close(), running, loop])
    expect(told).toEqual([
      ["assigned", [{ topic: "orders", partitions: [0, 1, 2, 3] }]],
      ["revoked", [{ topic: "orders", partitions: [1, 3] }]],
      ["revoked", [{ topic: "orders", partitions: [0, 2] }]],
    ])
    expect([...seen, ...other].toSorted()).toEqual(
      [0, 1, 2, 3].flatMap((partition) => [0, 1, 2, 3, 4].map((offset) => `${partition}/${offset}`)),
    )
    expect([...group.service.state.committed.values()]).toEqual([5, 5, 5, 5])
    expect(group.service.overlaps).toBe(0)
  })

  it("begins anew where a topic was made again under its name", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(5))
    const told: Told[] = []
    const consumer = group.client().consumer({
      onAssigned: (partitions) => void told.push(["assigned", partitions]),
      onRevoked: (partitions, { lost }) => void told.push([lost ? "lost" : "revoked", partitions]),
    })
    const seen: unknown[] = []
    const running = consumer.run({ eachRecord: ({ value }) => void seen.push(value) })
    await group.until(() => seen.length === 5)
    group.service.remake("orders")
    group.service.append("orders", 0, numbered(7, 100))
    await group.until(() => seen.length === 12)
    await consumer.close()
    await running
    expect(seen).toEqual([0, 1, 2, 3, 4, 100, 101, 102, 103, 104, 105, 106])
    expect(told.slice(0, 3).map(([what]) => what)).toEqual(["assigned", "lost", "assigned"])
    expect([...group.service.state.committed.values()]).toEqual([7])
  })

  it("commits what the application commits by hand when partitions are revoked", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(5))
    let found = 0
    const one = group.client().consumer({ autoCommit: false, onRevoked: () => one.commit() })
    const running = one.run({ eachRecord: () => void found++ })
    await group.until(() => found === 10)
    const two = group.client().consumer()
    const other = two.run({ eachRecord: () => expect.unreachable() })
    await group.until(() => group.service.state.holderOf("orders", 1) === two.memberId)
    expect(group.service.state.committed.get("orders/1")).toBe(5)
    await Promise.all([one.close(), two.close(), running, other])
  })

  it("gives partitions up when a handler does not end within the rebalance timeout, without its records", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(3))
    const stuck = gate()
    const aborted: number[] = []
    const one = group.client().consumer({ rebalanceTimeoutMs: 60_000 })
    const running = one.run({
      concurrency: 2,
      eachRecord: async ({ partition, offset }, { signal }) => {
        if (partition === 0 || offset < 1) return
        signal.addEventListener("abort", () => aborted.push(partition))
        await stuck.passed
      },
    })
    await group.until(() => one.lag().totalLag === 2)
    const two = group.client().consumer()
    const again: number[] = []
    const other = two.run({ eachRecord: ({ offset }) => void again.push(offset) })
    await group.until(() => again.length === 2)
    expect(again).toEqual([1, 2])
    expect(aborted).toEqual([1, 1])
    stuck.open()
    await Promise.all([one.close(), two.close(), running, other])
  })

  it("drops a record whose handler fails because its partition goes", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(1))
    const one = group.client().consumer({ rebalanceTimeoutMs: 30_000 })
    let waits = 0
    const running = one.run({
      concurrency: 2,
      retry: { attempts: 1 },
      eachRecord: ({ partition }, { signal }) => {
        if (partition === 0) return Promise.resolve()
        waits++
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
      },
    })
    await group.until(() => waits === 1)
    const two = group.client().consumer()
    const found: number[] = []
    const other = two.run({ eachRecord: ({ partition }) => void found.push(partition) })
    await group.until(() => found.length === 1)
    expect(found).toEqual([1])
    await Promise.all([one.close(), two.close()])
    await Promise.all([running, other])
  })

  it("commits more partitions than one commit takes, each in its turn, and gives them up", async () => {
    const group = new ConsumersUnderTest({ orders: 250 })
    const append = () => {
      for (let partition = 0; partition < 250; partition++) group.service.append("orders", partition, numbered(1))
    }
    append()
    let found = 0
    const one = group.client().consumer({ autoCommitIntervalMs: 0 })
    const running = one.run({ eachRecord: () => void found++ })
    await group.until(() => group.service.state.committed.size === 250)
    append()
    await group.until(() => found === 500)
    const two = group.client().consumer()
    const other = two.run({ eachRecord: () => expect.unreachable() })
    await group.until(() => two.assignment()[0]?.partitions.length === 125)
    await Promise.all([one.close(), two.close()])
    await Promise.all([running, other])
    expect([...group.service.state.committed.values()].every((offset) => offset === 2)).toBe(true)
  })

  it("commits all that is still its own when it closes, whatever a request gave up whose answer it did not get", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(2))
    const client = group.client()
    // The poll that gives a partition up takes effect, and its answer never comes.
    const loseAnswers = () =>
      client.network.inject((_, path) => ({ kind: path.endsWith("/poll") ? "lost_answer" : "none" }))
    const one = client.consumer({ autoCommitIntervalMs: 1_000_000, onRevoked: loseAnswers })
    const work = gate()
    let found = 0
    const running = one.run({
      concurrency: 2,
      eachRecord: async ({ partition, offset }) => {
        found++
        if (partition === 0 && offset === 2) await work.passed
      },
    })
    await group.until(() => found === 4)
    group.service.append("orders", 0, numbered(1))
    group.service.append("orders", 1, numbered(1))
    await group.until(() => found === 6)
    const two = group.client().consumer()
    const other = two.run({ eachRecord: () => {} })
    await group.until(() => two.assignment().length > 0)
    work.open()
    await one.close()
    expect(group.service.state.committed.get("orders/0")).toBe(3)
    await two.close()
    await Promise.all([running, other])
  })

  it("asks for what it is not sure of: partitions that nobody is told of are not handed out", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    const assigned = gate()
    const found: number[] = []
    const consumer = group.client().consumer({ onAssigned: () => assigned.passed })
    const running = consumer.run({ eachRecord: ({ offset }) => void found.push(offset) })
    await group.until(() => group.service.polls.length > 5)
    expect(found).toEqual([])
    assigned.open()
    await group.until(() => found.length === 3)
    await consumer.close()
    await running
  })

  it("ends with what a listener throws", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const consumer = group.client().consumer({
      onAssigned: () => {
        throw new Error("no room for it")
      },
    })
    await expect(consumer.run({ eachRecord: () => {} })).rejects.toThrow("no room for it")
    expect(group.service.state.members.size).toBe(0)
  })
})

describe("a member that the group has given up", () => {
  it("drops what it has, says that it is lost, and joins again", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(5))
    const told: string[] = []
    const consumer = group.client().consumer({
      onAssigned: () => void told.push("assigned"),
      onRevoked: (_, { lost }) => void told.push(lost ? "lost" : "revoked"),
    })
    const found: number[] = []
    let handler: AbortSignal | undefined
    const work = gate()
    const running = consumer.run({
      eachRecord: async ({ offset }, { signal }) => {
        found.push(offset)
        if (found.length !== 3) return
        handler = signal
        await work.passed
      },
    })
    await group.until(() => found.length === 3)
    group.service.state.expel(consumer.memberId)
    const committed = group.service.state.committed.get("orders/0") ?? 0
    group.service.wake()
    await group.until(() => handler?.aborted === true)
    work.open()
    await group.until(() => found.at(-1) === 4)
    // From the committed offset on: what was in hand counts for nothing.
    expect(found).toEqual([0, 1, 2, ...[0, 1, 2, 3, 4].slice(committed)])
    expect(committed).toBeLessThanOrEqual(2)
    expect(told).toEqual(["assigned", "lost", "assigned"])
    await consumer.close()
    await running
    expect(group.service.state.committed.get("orders/0")).toBe(5)
  })

  it("hands out nothing after a long pause of the process, before the group has said what is whose", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(10))
    const client = group.client()
    const sleeper = client.consumer({ sessionTimeoutMs: 10_000 })
    const loop = sleeper[Symbol.asyncIterator]()
    expect((await loop.next()).value?.offset).toBe(0)
    // Asleep: nothing is sent for longer than a session, and another takes over.
    client.network.inject(() => ({ kind: "lost_request" }))
    const other = group.client().consumer()
    const taken: number[] = []
    const running = other.run({ eachRecord: ({ offset }) => void taken.push(offset) })
    await group.until(() => taken.length === 10)
    const next = loop.next()
    let hasMore = false
    void next.then(() => {
      hasMore = true
    })
    await group.until(() => client.network.seen.length > 20)
    expect(hasMore).toBe(false)
    client.network.inject(() => ({ kind: "none" }))
    await Promise.all([sleeper.close(), other.close()])
    expect(await next).toMatchObject({ done: true })
    await running
    expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const mine = group.service.state.commits.filter(({ memberId }) => memberId === sleeper.memberId)
    expect(mine.filter(({ offset }) => offset > 0)).toEqual([])
  })

  it("asks again after a commit was refused, and takes itself for gone when it is refused once more", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    const told: string[] = []
    const consumer = group.client().consumer({
      autoCommitIntervalMs: 0,
      onRevoked: (_, { lost }) => void told.push(lost ? "lost" : "revoked"),
    })
    let refusals = 0
    group.service.refuse = ({ body }) => {
      if (body.commit === undefined || refusals >= 3) return undefined
      refusals++
      return new Refusal("member_fenced", "not yours")
    }
    const found: ConsumerRecord[] = []
    const running = consumer.run({ eachRecord: (record) => void found.push(record) })
    await group.until(() => group.service.state.committed.get("orders/0") === 3)
    expect(refusals).toBe(3)
    await consumer.close()
    await running
  })

  it("ends when another process has its static name", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const first = group.client().consumer({ groupInstanceId: "a" })
    const ended = first.run({ eachRecord: () => {} })
    await group.until(() => group.service.state.members.has(first.memberId))
    const second = group.client().consumer({ groupInstanceId: "a" })
    const running = second.run({ eachRecord: () => {} })
    await expect(ended).rejects.toMatchObject({ code: "member_not_found" })
    expect([...group.service.state.members.keys()]).toEqual([second.memberId])
    await second.close()
    await running
  })
})

describe("a static member", () => {
  it("does not leave when it closes, and gets its partitions back", async () => {
    const group = new ConsumersUnderTest({ orders: 2 })
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(2))
    const consumeAll = async (count: number) => {
      const consumer = group.client().consumer({ groupInstanceId: "a" })
      let found = 0
      for await (const _ of consumer) {
        found++
        if (found === count) await consumer.commit()
        if (found === count) break
      }
    }
    await consumeAll(4)
    expect(group.service.state.members.size).toBe(1)
    for (const partition of [0, 1]) group.service.append("orders", partition, numbered(1))
    await consumeAll(2)
    expect(group.service.state.members.size).toBe(1)
    expect([...group.service.state.committed.values()]).toEqual([3, 3])
  })
})
