import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { heartbeat } from "../../../functions/groups/heartbeat/heartbeat.ts"
import { poll } from "../../../functions/groups/poll/poll.ts"
import type { PollRequest, PollResult } from "../../../functions/groups/poll/polled.ts"
import type { PartitionLog } from "../../../functions/log/ports.ts"
import { deleteTopic } from "../../../functions/topics/delete/delete-topic.ts"
import type { Fault } from "../../fakes/faults.ts"
import { type GroupsUnderTest, openGroups } from "../../fakes/groups-under-test.ts"
import { appendRecords } from "../../fakes/temporary-storage.ts"

const FAULTS: readonly Fault[] = [{ kind: "lose_answer" }, { kind: "lose_request" }, { kind: "throttle" }]

/** Offsets at which reading goes on, by partition. */
function nexts(result: PollResult): Record<number, number> {
  if (result.kind !== "polled") throw new Error(JSON.stringify(result))
  return Object.fromEntries(
    result.fetched.map(({ at, offset, batches }) => {
      const last = batches.at(-1)
      return [at.partition.partition, last === undefined ? offset : last.baseOffset + last.recordCount]
    }),
  )
}

describe("a poll", () => {
  let service: GroupsUnderTest
  let orders: string
  beforeEach(async () => {
    service = openGroups()
    orders = await service.createTopic("orders", 2)
    await appendRecords(service.log, orders, 0, 3)
  })
  afterEach(() => service.storage.dispose())

  const never = () => {
    throw new Error("it was not to wait")
  }
  const request = (body: Partial<PollRequest> = {}): PollRequest => {
    return { memberId: "m1", maxBytes: 1024 * 1024, maxRecords: 500, mayRead: () => true, ...body }
  }
  const ask = (body: Partial<PollRequest> = {}, waiting = never as Parameters<typeof poll>[3], deps = service) =>
    poll(deps, "g", request(body), waiting)
  const positions = [0, 1].map((partition) => ({ topic: "orders", partition, offset: partition === 0 ? 3 : 0 }))

  /** A poll that waits: `waits` resolves once it does, `leave` ends its patience. */
  function waitingPoll(body: Partial<PollRequest> = {}) {
    const patience = new AbortController()
    let lasts = 0
    const { promise: waits, resolve } = Promise.withResolvers<void>()
    const log: PartitionLog = {
      ...service.log,
      waitForChange: (...args) => {
        setImmediate(resolve)
        return service.log.waitForChange(...args)
      },
    }
    const start = (milliseconds: number) => {
      lasts = milliseconds
      return { signal: patience.signal, end: () => {} }
    }
    const answer = ask({ positions, wait: 60_000, ...body }, start, { ...service, log })
    return { answer, waits, leave: () => patience.abort(), lasts: () => lasts }
  }

  it("joins, and tells where it reads every partition", async () => {
    expect(nexts(await ask({ topics: ["orders"] }))).toEqual({ 0: 3, 1: 0 })
  })

  it("does not wait as long as there are partitions that it has not looked at", async () => {
    await service.createTopic("wide", 250)
    const joined = await ask({ memberEpoch: 0, topics: ["wide"], number: 1 })
    expect(Object.keys(nexts(joined))).toHaveLength(100)
    const known = new Map(Object.entries(nexts(joined)))
    const wide = () =>
      [...known].map(([partition, offset]) => ({ topic: "wide", partition: Number(partition), offset }))
    const next = await ask({ number: 2, positions: wide(), wait: 60_000 })
    for (const [partition, offset] of Object.entries(nexts(next))) known.set(partition, offset)
    expect(known.size).toBe(200)
  })

  it("asks its store for nothing but the touch and the group where positions are given", async () => {
    await ask({ topics: ["orders"] })
    const names = new Set<string>()
    service.groups.requests.interceptor = ({ name }) => {
      names.add(name)
      return undefined
    }
    expect(nexts(await ask({ positions }))).toEqual({ 0: 3, 1: 0 })
    expect([...names].sort()).toEqual(["members", "touch"])
  })

  it("asks storage nothing while it waits, and answers when a record comes", async () => {
    await ask({ topics: ["orders"] })
    const { answer, waits } = waitingPoll()
    await waits
    const before = service.groups.requests.total()
    await appendRecords(service.log, orders, 1, 2)
    expect(nexts(await answer)).toEqual({ 0: 3, 1: 2 })
    expect(service.groups.requests.total()).toBe(before)
  })

  it("waits no longer than a third of its session, and is told of a new assignment at once", async () => {
    await ask({ topics: ["orders"] })
    const { answer, waits, lasts } = waitingPoll()
    await waits
    expect(lasts()).toBe(15_000)
    await heartbeat(service, "g", "m2", { topics: ["orders"] })
    const told = await answer
    expect(told).toMatchObject({ kind: "polled", fetched: [], answer: { assignment: [{ partitions: { length: 1 } }] } })
  })

  it("goes on waiting where a change does not concern it", async () => {
    await ask({ topics: ["orders"] })
    await service.createTopic("other", 1)
    const { answer, waits, leave } = waitingPoll()
    await waits
    await heartbeat(service, "g", "m2", { topics: ["other"] })
    await heartbeat(service, "g", "m2", { memberEpoch: -1 })
    await appendRecords(service.log, orders, 1, 1)
    expect(nexts(await answer)).toEqual({ 0: 3, 1: 1 })
    leave()
  })

  it("learns while it waits that it was expelled", async () => {
    await ask({ topics: ["orders"] })
    const { answer, waits } = waitingPoll()
    await waits
    service.storage.clock.time += 45_001
    await heartbeat(service, "g", "m2", { topics: ["orders"] })
    expect(await answer).toEqual({ kind: "member_not_found" })
  })

  it("ends when the member sends a later request, and when its patience does", async () => {
    await ask({ topics: ["orders"] })
    const older = waitingPoll()
    await older.waits
    const newer = waitingPoll()
    expect(await older.answer).toMatchObject({ kind: "polled", fetched: [] })
    await newer.waits
    newer.leave()
    expect(nexts(await newer.answer)).toEqual({ 0: 3, 1: 0 })
  })

  it("commits, whatever becomes of one of its requests, once it is sent again", async () => {
    await ask({ topics: ["orders"] })
    const commit = [{ topic: "orders", partition: 0, offset: 2 }]
    for (const fault of FAULTS) {
      for (let hit = 0; hit < 8; hit++) {
        let asked = 0
        service.groups.requests.interceptor = () => (asked++ === hit ? fault : undefined)
        const body = { memberEpoch: 1, commit }
        const first = await ask(body)
        service.groups.requests.interceptor = undefined
        if (first.kind !== "polled") expect(first).toMatchObject({ kind: "unavailable" })
        expect(nexts(await ask(body))).toEqual({ 0: 3, 1: 0 })
        expect(await service.groups.read("g")).toMatchObject({ offsets: [{ offset: 2 }] })
      }
    }
  })

  it("that joins again is told its assignment, however long it would wait", async () => {
    const join = { topics: ["orders"], memberEpoch: 0, number: 1, positions, wait: 60_000 }
    expect(await ask(join)).toMatchObject({ kind: "polled", answer: { memberEpoch: 1 } })
    expect(await ask(join)).toMatchObject({ kind: "polled", answer: { memberEpoch: 1 } })
  })

  it("goes on at an end that an offset without records led to, also where its answer is full before all is read", async () => {
    const triple = await service.createTopic("triple", 3)
    for (const partition of [0, 1, 2]) await appendRecords(service.log, triple, partition, 5)
    await ask({ topics: ["triple"] })
    await ask({ commit: [0, 1, 2].map((partition) => ({ topic: "triple", partition, offset: 0 })) })
    await service.log.moveLogStart({ topicId: triple, partition: 0 }, 2)
    // Partition 0 has to come first, so that the answer is full before the last one is looked at.
    for (let number = 10, isRead = false; !isRead; number++) {
      const result = await ask({ number, autoOffsetReset: "latest", maxRecords: 1 })
      if (result.kind !== "polled") throw new Error(result.kind)
      isRead = result.fetched[0]?.at.partition.partition === 0 && result.fetched.length === 2
    }
    await appendRecords(service.log, triple, 0, 1)
    const paused = [{ topic: "triple", partitions: [1, 2] }]
    const later = await ask({ paused, autoOffsetReset: "latest" })
    expect(later).toMatchObject({ fetched: [{ offset: 5, batches: { length: 1 } }] })
  })

  it("tells of a partition that another has claimed, and reads the others", async () => {
    await ask({ topics: ["orders"] })
    await service.groups.claim("g", [{ topic: "orders", partition: { topicId: orders, partition: 0 } }], 99)
    const result = await ask()
    expect(nexts(result)).toEqual({ 1: 0 })
    expect(result).toMatchObject({ problems: [{ problem: { kind: "fenced", epoch: 99 } }] })
    const commit = [{ topic: "orders", partition: 0, offset: 1 }]
    expect(await ask({ commit })).toMatchObject({
      kind: "refused",
      refusals: [{ kind: "fenced", epoch: 99, index: 0 }],
    })
  })

  it("reads what it can where one partition's storage fails", async () => {
    await ask({ topics: ["orders"] })
    const failed = { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown", detail: "" } as const
    const log: PartitionLog = {
      ...service.log,
      read: (partition, ...rest) => (partition.partition === 0 ? failed : service.log.read(partition, ...rest)),
    }
    const result = await ask({ positions, wait: 60_000 }, never, { ...service, log })
    expect(nexts(result)).toEqual({ 1: 0 })
    expect(result).toMatchObject({ problems: [{ problem: { kind: "unavailable", sideEffects: "none" } }] })
  })

  it("reads a topic that was made again from its beginning, however far the member was in the former", async () => {
    await ask({ topics: ["orders"] })
    await deleteTopic({ ...service, groups: service.storage.groups }, "orders")
    const second = await service.createTopic("orders", 2)
    await appendRecords(service.log, second, 0, 9)
    const told = await ask({ positions, commit: [{ topic: "orders", partition: 0, offset: 3 }] })
    expect(nexts(told)).toEqual({ 0: 9, 1: 0 })
    expect(told).toMatchObject({ fetched: [{ offset: 0, isNews: true }, { offset: 0 }] })
  })

  it("takes nothing of a former topic for one that was made again, also where another member heard of it first", async () => {
    await ask({ topics: ["orders"], number: 1 })
    await heartbeat(service, "g", "m2", { topics: ["orders"] })
    const before = await ask({ number: 2 })
    if (before.kind !== "polled") throw new Error(before.kind)
    const { memberEpoch, assignment } = before.answer
    await deleteTopic({ ...service, groups: service.storage.groups }, "orders")
    const second = await service.createTopic("orders", 2)
    for (const partition of [0, 1]) await appendRecords(service.log, second, partition, 9)
    await heartbeat(service, "g", "m2", {})
    const [{ topicId } = { topicId: "" }] = assignment
    const at = [0, 1].map((partition) => ({ topic: "orders", partition, offset: 3 }))
    const commit = at.map((each) => ({ ...each, topicId }))
    const told = await ask({ number: 3, memberEpoch, owned: [...assignment], positions: at, commit })
    expect(told).toMatchObject({ kind: "polled", answer: { assignment: [{ topicId: second }] } })
    expect(Object.values(nexts(told))).toEqual([9])
    const read = await service.groups.read("g")
    expect(read.kind === "offsets" ? read.offsets.filter((each) => each.partition.topicId === second) : []).toEqual([])
  })

  it("drops a topic that is gone, also one that was made again under its name", async () => {
    service = { ...openGroups({ maxAgeMs: 30_000 }) }
    const first = await service.createTopic("orders", 1)
    await appendRecords(service.log, first, 0, 5)
    await ask({ topics: ["orders"] })
    await deleteTopic({ ...service, groups: service.storage.groups }, "orders")
    const second = await service.createTopic("orders", 1)
    await appendRecords(service.log, second, 0, 7)
    const told = await ask({ positions: [{ topic: "orders", partition: 0, offset: 5 }] })
    expect(told).toMatchObject({ answer: { memberEpoch: 2 }, problems: [], fetched: [{ offset: 0, isNews: true }] })
    expect(nexts(told)).toEqual({ 0: 7 })
  })
})
