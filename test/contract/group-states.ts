/** States of groups for tests of their storage: what may stand in one, in small and in large. */
import { limits } from "stratalog/protocol"
import type { GroupMember, GroupState } from "../../functions/groups/members/state.ts"

export type { GroupState } from "../../functions/groups/members/state.ts"

/** Milliseconds of the clock that touches have. */
export const T0 = 1_763_600_000_000

export function memberOf(memberId: string, change: Partial<GroupMember> = {}): GroupMember {
  return {
    memberId,
    memberEpoch: 1,
    joinedEpoch: 1,
    topics: ["orders"],
    assignor: "uniform",
    sessionTimeoutMs: 45_000,
    rebalanceTimeoutMs: 300_000,
    joinedAt: T0,
    number: 1,
    ...change,
  }
}

/** A group of these members, the first of which has partition 0 of one topic. */
export function stateOf(epoch: number, ...members: (string | GroupMember)[]): GroupState {
  const all = members.map((each) => (typeof each === "string" ? memberOf(each) : each))
  const first = all[0]?.memberId
  if (first === undefined) return { epoch, members: [], topics: [] }
  const topicId = "0a000000-0000-4000-8000-000000000001"
  const partitions = [{ target: first, holder: first }, {}]
  return { epoch, members: all, topics: [{ topicId, topic: "orders", partitions }] }
}

/** One of each: every optional field there and not there, patterns, ids that are awkward as keys, none of a partition. */
export function variedState(epoch: number): GroupState {
  const ids = unusualNames
  const members = ids.map((memberId, index) =>
    memberOf(memberId, {
      memberEpoch: epoch,
      topics: index % 2 === 0 ? ["^.*-日本(a|b)?$", "constructor"] : ["a".repeat(249), "^\\d{3}\u{1f980}", "..."],
      assignor: (["uniform", "range", "roundrobin"] as const)[index % 3] ?? "uniform",
      sessionTimeoutMs: limits.minSessionTimeoutMs,
      rebalanceTimeoutMs: limits.maxRebalanceTimeoutMs,
      joinedAt: T0 + index,
      number: Number.MAX_SAFE_INTEGER - index,
      ...(index % 2 === 0 && { instanceId: `${memberId}`.slice(0, 240) }),
      ...(index % 3 === 0 && { revokingSince: T0 + index }),
    }),
  )
  const [a = "", b = "", c = ""] = ids
  const partitions = [{ target: a, holder: b }, { target: c }, { holder: a }, {}, { target: b, holder: b }]
  const topics = [
    { topicId: "0a000000-0000-4000-8000-000000000001", topic: "a".repeat(249), partitions },
    { topicId: "0b000000-0000-4000-8000-000000000002", topic: "constructor", partitions: [{}] },
  ]
  return { epoch, members, topics }
}

/** As many members as a group may have, each waiting for some of so many partitions and giving up others. */
export function largeState(epoch: number, partitions: number): GroupState {
  const ids = Array.from({ length: limits.maxMembers }, (_, index) => {
    const hex = (index * 7_919).toString(16).padStart(12, "0")
    return `b8f7a1de-5c3e-4d0f-9a61-${hex}`
  })
  const idAt = (index: number) => ids[index % ids.length] ?? ""
  const topics = [0, 1].map((topic) => ({
    topicId: `0a000000-0000-4000-8000-00000000000${topic}`,
    topic: `orders-${topic}`,
    partitions: Array.from({ length: partitions / 2 }, (_, index) => ({
      target: idAt(index + topic),
      holder: idAt(index * 13),
    })),
  }))
  return { epoch, members: ids.map((id, index) => memberOf(id, { number: index + 1 })), topics }
}

/** Legal names of groups and members that trip who keeps them in the wrong thing. */
export const unusualNames: readonly string[] = [
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "0",
  "-1",
  "...",
  "-",
  "_",
  "A",
  "a",
  "a.b",
  "a-b",
  "z".repeat(249),
]
