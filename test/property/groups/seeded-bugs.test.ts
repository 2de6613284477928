/** Each rule of the decisions left out, one at a time: the properties have to find it. */
import fc from "fast-check"
import { expect, it } from "vitest"
import type { HeartbeatDecision } from "../../../functions/groups/members/decide-heartbeat.ts"
import type { GroupNow } from "../../../functions/groups/members/group-now.ts"
import { mapPartitions, partitionOf } from "../../../functions/groups/members/partitions.ts"
import type { GroupMember, GroupState } from "../../../functions/groups/members/state.ts"
import { playToTheEnd } from "./calm.ts"
import { type Rules, rules } from "./coordinator.ts"
import { type Event, events } from "./world.ts"

type Rewrite = (next: GroupState, group: GroupNow) => GroupState

/** As decided, with something else written. */
function written(rewrite: Rewrite): Partial<Rules> {
  return {
    heartbeat: (group, request) => {
      const decision = rules.heartbeat(group, request)
      return decision.kind === "changed" ? rewritten(decision, rewrite, group) : decision
    },
  }
}

function rewritten(decision: HeartbeatDecision & { kind: "changed" }, rewrite: Rewrite, group: GroupNow) {
  return { ...decision, change: { ...decision.change, next: rewrite(decision.change.next, group) } }
}

function formerOf(group: GroupNow, { memberId }: GroupMember): GroupMember | undefined {
  return group.state?.members.find((member) => member.memberId === memberId)
}

function epochOf({ state }: GroupNow, memberId: string): number | undefined {
  return state?.members.find((member) => member.memberId === memberId)?.memberEpoch
}

const bugs: Readonly<Record<string, Partial<Rules>>> = {
  "what is owned is freed": {
    heartbeat: (group, request) => rules.heartbeat(group, { ...request, owned: [] }),
  },
  "a request of a former epoch frees": {
    heartbeat: (group, request) => {
      const present = epochOf(group, request.memberId)
      const isFormer = present !== undefined && request.memberEpoch !== 0 && (request.memberEpoch ?? 0) < present
      return rules.heartbeat(group, isFormer ? { ...request, memberEpoch: present } : request)
    },
  },
  "a join that is sent again frees again": {
    heartbeat: (group, request) => {
      const members = group.state?.members.map((member) => ({ ...member, number: 0 })) ?? []
      return rules.heartbeat(
        group.state === undefined ? group : { ...group, state: { ...group.state, members } },
        request,
      )
    },
  },
  "granted before it is given up": written((next) => mapPartitions(next, ({ target }) => partitionOf(target, target))),
  "no new epoch where something is lost": written((next, group) => ({
    ...next,
    members: next.members.map((member) => {
      const former = formerOf(group, member)
      const isLoss = former !== undefined && member.revokingSince !== undefined
      return isLoss ? { ...member, memberEpoch: former.memberEpoch } : member
    }),
  })),
  "no new epoch where something is gained": written((next, group) => ({
    ...next,
    members: next.members.map((member) => {
      const former = formerOf(group, member)
      return former === undefined || member.revokingSince !== undefined
        ? member
        : { ...member, memberEpoch: former.memberEpoch }
    }),
  })),
  "the epoch begins anew when the last one leaves": {
    leave: (group, request) => {
      const decision = rules.leave(group, request)
      if (decision.kind !== "changed" || decision.change.next.members.length > 0) return decision
      return { ...decision, change: { ...decision.change, next: { ...decision.change.next, epoch: 1 } } }
    },
  },
  "requests that come late count": { isLate: () => false, isOvertaken: ({ expected }, epoch) => expected !== epoch },
  "the state is written over whatever came": { isOvertaken: () => false },
  "a write that is overtaken by a request of its member counts": {
    isOvertaken: ({ expected }, epoch) => expected !== epoch,
  },
  "time is told after members were read": { nowIsFromBefore: false },
  "expelled too early": {
    heartbeat: (group, request) => rules.heartbeat({ ...group, now: group.now + 300 }, request),
  },
  "nobody is expelled": {
    heartbeat: (group, request) => {
      const seen = new Map(group.state?.members.map(({ memberId }) => [memberId, { at: group.now, number: 1 }]))
      return rules.heartbeat({ ...group, seen }, request)
    },
  },
  "new topics are not seen": {
    heartbeat: (group, request) => {
      const known = new Set(group.state?.topics.map(({ topicId }) => topicId))
      const topics = known.size === 0 ? group.topics : group.topics.filter(({ topicId }) => known.has(topicId))
      return rules.heartbeat({ ...group, topics }, request)
    },
  },
  "who joins is not given a share": written((next, group) =>
    mapPartitions(next, (each, { topic, partition }) => {
      const former = group.state?.topics.find(({ topicId }) => topicId === topic.topicId)?.partitions[partition]
      return former?.holder !== undefined && former.holder === each.holder
        ? partitionOf(each.holder, each.holder)
        : each
    }),
  ),
}

/** What happens for the bugs that chance takes long to find. */
const happenings: Readonly<Record<string, readonly Event[]>> = {
  // The first m1 hears what it asked for under its former epoch, loses some of it, and its request comes once more.
  "a request of a former epoch frees": [
    ...[at("round", 1), at("round", 0), at("round", 1), at("round", 1)],
    ...[at("send", 0), at("again", 0), at("step", 1, 0), at("step", 1, 0), at("step", 1, 0), at("hear", 0)],
    ...[
      at("start", 0),
      at("round", 3),
      at("subscribe", 2),
      at("round", 2),
      at("step", 1, 0),
      at("step", 1, 0),
      at("step", 1, 0),
    ],
  ],
  // The second reads who is there, then the first asks, and only then the second decides.
  "time is told after members were read": [
    ...[at("round", 0), at("round", 1), at("round", 0), at("long", 0, 20), at("send", 1), at("step", 1), at("step", 1)],
    ...[at("round", 0), at("wait", 0, 40), at("step", 1)],
  ],
}

it.each(Object.entries(bugs))("finds it: %s", (name, bug) => {
  const given = happenings[name]
  const cases = given === undefined ? events : fc.constant(given)
  if (given !== undefined) playToTheEnd(rules, given)
  const { failed } = fc.check(
    fc.property(cases, (each) => playToTheEnd({ ...rules, ...bug }, each)),
    { numRuns: 2_000, seed: 7, endOnFailure: true },
  )
  expect(failed).toBe(true)
})

function at(what: string, who: number, which = 0): Event {
  return { what, who, which }
}
