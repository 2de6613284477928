/** A poll that committed and could do no more: its answer must not say that nothing happened. */
import { limits } from "stratalog/protocol"
import { portableCodecs } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import type { GroupDependencies } from "../../../../functions/groups/dependencies.ts"
import { GroupChanges } from "../../../../functions/groups/group-changes.ts"
import { poll } from "../../../../functions/groups/poll/poll.ts"
import type { PollRequest } from "../../../../functions/groups/poll/polled.ts"
import type { StartWaiting } from "../../../../functions/groups/poll/wait.ts"
import { subscribedTopics } from "../../../../functions/groups/topics/subscribed-topics.ts"
import { StorageUnavailable, type Unavailable } from "../../../../functions/log/ports.ts"
import { createMemoryGroupStore } from "../../../fakes/memory-group-store.ts"
import { createMemoryPartitionLog } from "../../../fakes/memory-partition-log.ts"
import { createMemoryTopicStore } from "../../../fakes/memory-topic-store.ts"
import { appendRecords } from "../../../fakes/temporary-storage.ts"

const ID = "0a000000-0000-4000-8000-000000000001"
const BOTH = [{ topic: "orders", partitions: [0, 1] }]
const LOST: Unavailable = { kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail: "down" }

const neverWaiting = () => ({ signal: AbortSignal.abort(), end: () => undefined })

async function begin() {
  const groups = createMemoryGroupStore()
  const log = createMemoryPartitionLog()
  const topics = createMemoryTopicStore()
  const clock = { now: () => 1_763_600_000_000 }
  await topics.create({ name: "orders", id: ID, partitions: 2, config: {}, createdAt: 0, version: 1 })
  await log.createPartitions(ID, 2)
  await appendRecords(log, ID, 0, 3)
  await appendRecords(log, ID, 1, 3)
  const deps: GroupDependencies = {
    groups,
    log,
    topics,
    clock,
    sessionClock: clock,
    codecs: portableCodecs(),
    limits,
    subscribed: subscribedTopics({ topics, clock, maxAgeMs: 0 }),
    changes: new GroupChanges(),
    hearsAll: false,
    pause: async () => undefined,
  }
  const ask = (memberId: string, request: Partial<PollRequest>, startWaiting: StartWaiting = neverWaiting) =>
    poll(deps, "g", { memberId, maxBytes: 1_000, maxRecords: undefined, mayRead: () => true, ...request }, startWaiting)
  // One has both partitions and is to give one up.
  await ask("m", { memberEpoch: 0, topics: ["orders"], number: 1 })
  await ask("n", { memberEpoch: 0, topics: ["orders"], number: 1 })
  await ask("m", { memberEpoch: 1, owned: BOTH, number: 2 })
  const givingUp = {
    memberEpoch: 2,
    owned: [{ topic: "orders", partitions: [0] }],
    commit: [{ topic: "orders", partition: 1, offset: 2 }],
    number: 3,
  }
  const committed = async () => {
    const read = await groups.read("g")
    return read.kind === "offsets" ? read.offsets.map(({ partition, offset }) => [partition.partition, offset]) : []
  }
  return { groups, topics, ask, givingUp, committed }
}

describe("a poll that committed", () => {
  it("and whose member was expelled before the rest, has an unknown outcome, and the reason when it is sent again", async () => {
    const { groups, ask, givingUp, committed } = await begin()
    groups.requests.interceptor = async ({ name }) => {
      if (name !== "commit") return undefined
      groups.requests.interceptor = undefined
      const read = await groups.members("g")
      if (read.kind !== "members" || read.state === undefined) throw new Error("no state")
      const { epoch, topics } = read.state
      const members = read.state.members.filter(({ memberId }) => memberId !== "m")
      const free = topics.map((topic) => ({ ...topic, partitions: topic.partitions.map(() => ({})) }))
      await groups.replaceMembers("g", {
        expected: epoch,
        next: { epoch: epoch + 1, members, topics: free },
        gone: ["m"],
      })
      return undefined
    }
    expect(await ask("m", givingUp)).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(await committed()).toEqual([[1, 2]])
    expect(await ask("m", givingUp)).toEqual({ kind: "member_not_found" })
  })

  it("and whose change of the group was throttled, too", async () => {
    const { groups, ask, givingUp, committed } = await begin()
    groups.requests.interceptor = ({ name }) => (name === "replaceMembers" ? { kind: "throttle" } : undefined)
    expect(await ask("m", givingUp)).toMatchObject({ kind: "unavailable", sideEffects: "unknown", reason: "throttled" })
    expect(await committed()).toEqual([[1, 2]])
  })

  it("and for whom topics cannot be looked up after it, too", async () => {
    const { groups, topics, ask, givingUp, committed } = await begin()
    groups.requests.interceptor = ({ name }) => {
      if (name === "commit") topics.get = () => Promise.reject(new StorageUnavailable(LOST))
      return undefined
    }
    expect(await ask("m", givingUp)).toEqual({ ...LOST, sideEffects: "unknown" })
    expect(await committed()).toEqual([[1, 2]])
  })

  it("and whose topics may not be read any more when it has waited, too", async () => {
    const { ask, givingUp, committed } = await begin()
    const given = await ask("m", { ...givingUp, commit: [] })
    if (given.kind !== "polled") throw new Error("not polled")
    const { memberEpoch } = given.answer
    let isAllowed = true
    const denying = { wait: 1_000, mayRead: () => isAllowed, memberEpoch, owned: givingUp.owned }
    const waits: StartWaiting = () => {
      isAllowed = false
      return neverWaiting()
    }
    const commit = [{ topic: "orders", partition: 0, offset: 3 }]
    const refused = await ask("m", { ...denying, commit, number: 4 }, waits)
    expect(refused).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(await committed()).toEqual([[0, 3]])
    expect(await ask("m", { ...denying, commit, number: 4 })).toEqual({ kind: "topics_denied", topics: ["orders"] })
    isAllowed = true
    const without = await ask("m", { ...denying, number: 5 }, waits)
    expect(without).toEqual({ kind: "topics_denied", topics: ["orders"] })
  })
})
