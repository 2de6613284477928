/** Groups by hand: a state, requests, and what they come to. */

import { decideHeartbeat, type HeartbeatDecision } from "../../../../functions/groups/members/decide-heartbeat.ts"
import type { GroupNow } from "../../../../functions/groups/members/group-now.ts"
import type { MemberRequest } from "../../../../functions/groups/members/join.ts"
import type { GroupMember, GroupState } from "../../../../functions/groups/members/state.ts"
import type { LiveTopic } from "../../../../functions/groups/members/subscriptions.ts"
import type { MemberSeen } from "../../../../functions/groups/ports.ts"

export const NOW = 1_763_600_000_000

export function topic(name: string, partitions: number, topicId = `id-of-${name}`): LiveTopic {
  return { topicId, topic: name, partitions }
}

/** Patterns here are JavaScript's. */
export const match = (pattern: string) => (name: string) => new RegExp(`${pattern}$`).test(name)

export class Group {
  state: GroupState | undefined
  now = NOW
  topics: LiveTopic[]
  readonly seen = new Map<string, MemberSeen>()
  #number = 0

  constructor(...topics: LiveTopic[]) {
    this.topics = topics
  }

  get present(): GroupNow {
    const { state, seen, now, topics } = this
    return { state, seen, now, topics, match }
  }

  /** As a touch, a decision and a write that all go well. */
  send(memberId: string, said: Partial<MemberRequest> = {}): HeartbeatDecision {
    const number = said.number ?? ++this.#number
    this.seen.set(memberId, { at: this.now, number })
    const decision = decideHeartbeat(this.present, { memberId, ...said, number })
    if (decision.kind === "changed") this.write(decision.change.next, decision.change.gone)
    return decision
  }

  join(memberId: string, said: Partial<MemberRequest> = {}): HeartbeatDecision {
    return this.send(memberId, { memberEpoch: 0, topics: ["orders"], ...said })
  }

  write(next: GroupState, gone: readonly string[]): void {
    this.state = next
    for (const memberId of gone) this.seen.delete(memberId)
  }

  member(memberId: string): GroupMember {
    const found = this.state?.members.find((member) => member.memberId === memberId)
    if (found === undefined) throw new Error(`${memberId} is no member`)
    return found
  }

  epochOf(memberId: string): number {
    return this.member(memberId).memberEpoch
  }

  /** By partition: who reads it, and after an arrow who shall have it where that is another one. */
  who(name = "orders"): string[] {
    const partitions = this.state?.topics.find((each) => each.topic === name)?.partitions ?? []
    return partitions.map(({ holder = "-", target = "-" }) => (holder === target ? holder : `${holder}>${target}`))
  }
}
