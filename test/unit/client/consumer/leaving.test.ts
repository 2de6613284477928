/** What is committed, and that the member leaves, where partitions or answers are lost just then. */
import type { ConsumerOptions } from "stratalog"
import { describe, expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../../fakes/consumer-under-test.ts"
import { gate } from "../../../fakes/gate.ts"
import { Refusal } from "../../../fakes/group-state.ts"

/** One member has given partition 1 to another and does not know it yet; of partition 0 something is in hand. */
async function givenAway(options: Partial<ConsumerOptions<undefined, undefined, "utf8", "json">>) {
  const group = new ConsumersUnderTest({ orders: 2 })
  for (const partition of [0, 1]) group.service.append("orders", partition, numbered(3))
  const client = group.client()
  const one = client.consumer({
    autoCommitIntervalMs: 600_000,
    onRevoked: () => client.network.inject((_, path) => ({ kind: path.endsWith("/poll") ? "lost_answer" : "none" })),
    ...options,
  })
  const work = gate()
  const running = one.run({
    concurrency: 6,
    eachRecord: async ({ partition }) => {
      if (partition === 0) await work.passed
    },
  })
  const processed = (partition: number) => one.lag().partitions.find((each) => each.partition === partition)?.processed
  await group.until(() => processed(1) === 3)
  const two = group.client().consumer({ autoCommit: false })
  const other = two.run({ eachRecord: () => {} })
  await group.until(() => group.service.state.holderOf("orders", 1) === two.memberId)
  work.open()
  await group.until(() => processed(0) === 3)
  const end = () => Promise.all([one.close(), two.close(), running, other])
  return { group, one, end }
}

describe("a member that has just given a partition to another", () => {
  it("commits the rest when it closes, and leaves", async () => {
    const { group, one, end } = await givenAway({})
    await one.close()
    expect(group.service.state.committed.get("orders/0")).toBe(3)
    expect(group.service.state.members.has(one.memberId)).toBe(false)
    await end()
  })

  it("commits the rest by hand", async () => {
    const { group, one, end } = await givenAway({ autoCommit: false })
    await one.commit()
    expect(group.service.state.committed.get("orders/0")).toBe(3)
    await end()
  })

  it("does not wait for records before it is told that it is gone", async () => {
    const { group, one, end } = await givenAway({})
    const at = group.service.polls.findIndex(
      ({ memberId, body }) =>
        memberId === one.memberId && body.memberEpoch !== 0 && body.owned?.[0]?.partitions.length === 1,
    )
    expect(group.service.polls[at]?.body.wait).toBe(0)
    await end()
  })
})

describe("closing", () => {
  it("commits by hand no longer than it is asked to, where no answer tells what is its own", async () => {
    const { group, one, end } = await givenAway({})
    const stop = new AbortController()
    const before = group.service.polls.length
    const committing = one.commit([{ topic: "orders", partition: 1, offset: 3 }], { signal: stop.signal })
    const outcome = committing.catch((error: unknown) => error)
    await group.until(() => group.service.polls.length > before + 2)
    stop.abort(new Error("enough"))
    expect(await outcome).toEqual(new Error("enough"))
    await end()
  })

  it("leaves although the last commit fails", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    const client = group.client()
    const problems: string[] = []
    const consumer = client.consumer({
      autoCommitIntervalMs: 600_000,
      onProblem: ({ code }) => void problems.push(code),
    })
    const running = consumer.run({ eachRecord: () => {} })
    await group.until(() => consumer.lag().partitions[0]?.processed === 3)
    client.network.inject((_, path) =>
      path.endsWith("/offsets") ? { kind: "gateway", status: 503, arrives: false } : { kind: "none" },
    )
    await consumer.close()
    await running
    expect(problems).toHaveLength(1)
    expect(group.service.state.members.size).toBe(0)
  })

  it("does not wait for a record that waits for the service", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    group.service.append("orders", 0, numbered(3))
    const client = group.client()
    const consumer = client.consumer({ rebalanceTimeoutMs: 3_600_000 })
    let calls = 0
    const running = consumer.run({
      retry: { attempts: 10, baseMs: 200_000, maxMs: 200_000 },
      eachRecord: () => {
        calls++
        throw new Error("not yet")
      },
    })
    await group.until(() => calls === 1)
    client.network.inject(() => ({ kind: "refused" }))
    const begun = group.clock.now()
    await group.until(() => group.clock.now() > begun + 150_000)
    const closing = group.clock.now()
    await consumer.close({ timeoutMs: 3_600_000 })
    await running
    expect(group.clock.now() - closing).toBeLessThan(600_000)
    expect(calls).toBe(1)
  })
})

describe("a static member whose place another took while the group could not be asked", () => {
  it("ends once it is told", async () => {
    const group = new ConsumersUnderTest({ orders: 1 })
    const client = group.client()
    const first = client.consumer({ groupInstanceId: "a" })
    const ended = first.run({ eachRecord: () => {} })
    await group.until(() => group.service.state.members.has(first.memberId))
    let joins = 0
    group.service.refuse = ({ memberId, body }) => {
      if (memberId !== first.memberId || body.memberEpoch !== 0) return undefined
      if (++joins === 2) client.network.inject(() => ({ kind: "none" }))
      return new Refusal("member_fenced", "another has the name")
    }
    client.network.inject((method) =>
      method === "GET" ? { kind: "gateway", status: 503, arrives: false } : { kind: "none" },
    )
    const second = group.client().consumer({ groupInstanceId: "a" })
    const running = second.run({ eachRecord: () => {} })
    await expect(ended).rejects.toMatchObject({ code: "member_fenced" })
    await second.close()
    await running
  })
})
