/** A group as its use cases keep it, one step of a call at a time, so that calls overtake each other between any two. */
import { memberOf } from "../../../functions/groups/members/assignment.ts"
import { decideHeartbeat, type HeartbeatDecision } from "../../../functions/groups/members/decide-heartbeat.ts"
import { decideLeave, type LeaveDecision } from "../../../functions/groups/members/decide-leave.ts"
import type { GroupNow } from "../../../functions/groups/members/group-now.ts"
import type { MemberRequest } from "../../../functions/groups/members/join.ts"
import { assignedTo } from "../../../functions/groups/members/partitions.ts"
import type { GroupState } from "../../../functions/groups/members/state.ts"
import type { LiveTopic } from "../../../functions/groups/members/subscriptions.ts"
import type { MemberSeen, MembersChange } from "../../../functions/groups/ports.ts"
import type { Answer, Assigned, Sent } from "./member.ts"

/** What the coordinator does; a seeded bug replaces a part of it. */
export interface Rules {
  readonly heartbeat: (group: GroupNow, request: MemberRequest) => HeartbeatDecision
  readonly leave: (group: GroupNow, request: MemberRequest) => LeaveDecision
  readonly isLate: (number: number, highest: number) => boolean
  readonly isOvertaken: (change: MembersChange, epoch: number, seen: ReadonlyMap<string, MemberSeen>) => boolean
  /** Whether `now` is from before the members were read, or from when it is decided. */
  readonly nowIsFromBefore: boolean
}

export const rules: Rules = {
  heartbeat: decideHeartbeat,
  leave: decideLeave,
  isLate: (number, highest) => number < highest,
  isOvertaken: ({ expected, by }, epoch, seen) =>
    expected !== epoch || (by !== undefined && (seen.get(by.memberId)?.number ?? 0) > by.number),
  nowIsFromBefore: true,
}

export class Call {
  readonly sent: Sent
  stage: "sent" | "touched" | "read" | "answered" = "sent"
  read: Pick<GroupNow, "state" | "seen" | "now"> | undefined
  answer: Answer = { kind: "no_member" }

  constructor(sent: Sent) {
    this.sent = sent
  }
}

export interface Change {
  readonly before: GroupState | undefined
  readonly next: GroupState
}

export class Coordinator {
  readonly rules: Rules
  now = 1_000_000
  topics: readonly LiveTopic[] = []
  state: GroupState | undefined
  seen: ReadonlyMap<string, MemberSeen> = new Map()

  constructor(given: Rules) {
    this.rules = given
  }

  /** Takes the call a step on. The change that it made, if it made one. `losesAnswer`: of the storage, if it is a write. */
  step(call: Call, losesAnswer = false): Change | undefined {
    if (call.stage === "sent") this.#touch(call)
    else if (call.stage === "touched") this.#read(call)
    else if (call.stage === "read") return this.#decide(call, losesAnswer)
    return undefined
  }

  #touch(call: Call): void {
    const { memberId, number } = call.sent.request
    const highest = this.seen.get(memberId)?.number ?? 0
    if (this.rules.isLate(number, highest)) {
      this.#reply(call, this.state)
      return
    }
    this.seen = new Map(this.seen).set(memberId, { at: this.now, number })
    call.stage = "touched"
  }

  #read(call: Call): void {
    call.read = { state: this.state, seen: this.seen, now: this.now }
    call.stage = "read"
  }

  #decide(call: Call, losesAnswer: boolean): Change | undefined {
    const { read, sent } = call
    if (read === undefined) throw new Error("decided before it was read")
    const now = this.rules.nowIsFromBefore ? read.now : this.now
    const group: GroupNow = { ...read, now, topics: this.topics, match }
    const decision = this.rules[sent.leaves ? "leave" : "heartbeat"](group, sent.request)
    if (decision.kind !== "changed") {
      this.#reply(call, decision.kind === "unchanged" ? read.state : undefined)
      return undefined
    }
    const { change } = decision
    if (this.rules.isOvertaken(change, this.state?.epoch ?? 0, this.seen)) {
      call.stage = "touched"
      return undefined
    }
    const before = this.state
    this.state = change.next
    const gone = new Set(change.gone)
    this.seen = new Map([...this.seen].filter(([memberId]) => !gone.has(memberId)))
    if (losesAnswer) call.stage = "touched"
    else this.#reply(call, change.next)
    return { before, next: change.next }
  }

  #reply(call: Call, state: GroupState | undefined): void {
    const member = memberOf(state, call.sent.request.memberId)
    call.stage = "answered"
    if (state === undefined || member === undefined) return
    call.answer = { kind: "member", memberEpoch: member.memberEpoch, assignment: assignedOf(state, member.memberId) }
  }
}

/** Patterns of these tests: JavaScript's. */
export function match(pattern: string): (name: string) => boolean {
  const whole = new RegExp(`${pattern}$`)
  return (name) => whole.test(name)
}

export function assignedOf({ topics }: GroupState, memberId: string): readonly Assigned[] {
  return topics.flatMap(({ topicId, topic, partitions }) =>
    partitions.flatMap((each, partition) => (assignedTo(each) === memberId ? [{ topicId, topic, partition }] : [])),
  )
}
