/**
 * A member that keeps the rules:
 * - it numbers its requests; one that is sent again has its number, and only an answer to the last number counts;
 * - it reads what the answer with the highest epoch assigned it, and may take its time with what it lost: it says that it
 *   owns that until it has finished, and owns it no longer once it has said so;
 * - it owns nothing once a session has passed since it sent the last request that was answered, and joins again under
 *   epoch 0 then, as it does when it is told that it is no member or fenced.
 */
import type { Assignor, TopicPartitions } from "stratalog/protocol"
import type { MemberRequest } from "../../../functions/groups/members/join.ts"

export const SESSION_MS = 1_000

/** Topic id and partition of what an answer assigns. */
export interface Assigned {
  readonly topicId: string
  readonly topic: string
  readonly partition: number
}

export type Answer =
  | { readonly kind: "member"; readonly memberEpoch: number; readonly assignment: readonly Assigned[] }
  | { readonly kind: "no_member" }

export interface Sent {
  readonly request: MemberRequest
  readonly leaves: boolean
  readonly firstSentAt: number
}

export class RuleKeeper {
  readonly memberId: string
  readonly instanceId: string | undefined
  #subscription: readonly string[] = []
  #assignor: Assignor | undefined
  isAlive = true
  hasLeft = false
  last: Sent | undefined
  #epoch = 0
  #number = 0
  #leaseFrom = Number.NEGATIVE_INFINITY
  /** By `topic/partition`. */
  readonly #owned = new Map<string, Assigned>()
  #assigned = new Set<string>()

  constructor(memberId: string, instanceId: string | undefined) {
    this.memberId = memberId
    this.instanceId = instanceId
  }

  wants(subscription: readonly string[], assignor: Assignor | undefined): void {
    this.#subscription = subscription
    this.#assignor = assignor
  }

  owned(now: number): readonly Assigned[] {
    this.#lapse(now)
    return this.isAlive ? [...this.#owned.values()] : []
  }

  assigned(): readonly string[] {
    return [...this.#assigned].sort()
  }

  send(now: number): Sent {
    this.#lapse(now)
    return this.#sent(now, false)
  }

  leave(now: number): Sent {
    this.#drop()
    this.hasLeft = true
    return this.#sent(now, true)
  }

  /** It is done with what it was told to give up. */
  finish(): void {
    for (const key of this.#owned.keys()) if (!this.#assigned.has(key)) this.#owned.delete(key)
  }

  crash(): void {
    this.#drop()
    this.isAlive = false
  }

  hear(sent: Sent, answer: Answer, now: number): void {
    this.#lapse(now)
    if (!this.isAlive || this.hasLeft || sent.request.number !== this.#number) return
    if (answer.kind === "no_member") {
      this.#drop()
      this.#number++
      return
    }
    if (answer.memberEpoch < this.#epoch) return
    this.#epoch = answer.memberEpoch
    this.#leaseFrom = sent.firstSentAt
    this.#assigned = new Set(answer.assignment.map(keyOf))
    for (const each of answer.assignment) this.#owned.set(keyOf(each), each)
    this.#lapse(now)
  }

  #sent(now: number, leaves: boolean): Sent {
    const { memberId, instanceId } = this
    this.#number++
    if (!leaves) this.hasLeft = false
    const request: MemberRequest = {
      memberId,
      number: this.#number,
      memberEpoch: this.#epoch,
      topics: [...this.#subscription],
      owned: byTopic(this.#owned.values()),
      sessionTimeout: SESSION_MS,
      ...(this.#assignor === undefined ? {} : { assignor: this.#assignor }),
      ...(instanceId === undefined ? {} : { instanceId }),
    }
    this.last = { request, leaves, firstSentAt: now }
    return this.last
  }

  /** Whoever was silent so long may be expelled by now. What was sent before that does not count any more either. */
  #lapse(now: number): void {
    if (this.#epoch === 0 || now - this.#leaseFrom <= SESSION_MS) return
    this.#drop()
    this.#number++
  }

  #drop(): void {
    this.#owned.clear()
    this.#assigned.clear()
    this.#epoch = 0
    this.#leaseFrom = Number.NEGATIVE_INFINITY
  }
}

export function keyOf({ topic, partition }: Assigned): string {
  return `${topic}/${partition}`
}

function byTopic(owned: Iterable<Assigned>): TopicPartitions[] {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of owned) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
}
