/** Members, their calls on the way, and a coordinator; a list of numbers says what happens next. */
import fc from "fast-check"
import { assignors } from "stratalog/protocol"
import type { LiveTopic } from "../../../functions/groups/members/subscriptions.ts"
import { Call, type Change, Coordinator, type Rules } from "./coordinator.ts"
import { Invariants } from "./invariants.ts"
import { RuleKeeper, type Sent } from "./member.ts"

const CALLS = ["round", "round", "send", "again", "step", "step", "step", "step", "hear", "finish"] as const
/** Each process has a clock of its own, and any of them may be wrong. */
const JUMPS_MS = [-3_600_000, -2_000, -700, 700, 2_000, 3_600_000]
const WHAT = [
  ...[...CALLS, ...CALLS, "round", "lose", "finish", "wait", "wait", "long", "leave", "crash", "start"],
  ...["subscribe", "topic"],
] as const

export interface Event {
  readonly what: string
  readonly who: number
  readonly which: number
}

/** Anything, and of some cases nothing but calls that overtake each other. */
export const events: fc.Arbitrary<Event[]> = fc.oneof(
  { weight: 2, arbitrary: listOf(WHAT) },
  { weight: 1, arbitrary: listOf([...CALLS, "leave", "start"]) },
)

/** With clocks that jump: then a session may end for who has just asked. */
export const wildEvents: fc.Arbitrary<Event[]> = listOf([...WHAT, "jump", "jump", "jump"])

function listOf(what: readonly string[]): fc.Arbitrary<Event[]> {
  const event = fc.record({ what: fc.constantFrom(...what), who: fc.nat({ max: 59 }), which: fc.nat({ max: 59 }) })
  return fc.array(event, { minLength: 1, maxLength: 80, size: "max" })
}

const SUBSCRIPTIONS = [["t"], ["t", "u"], ["u"], ["^.*"], ["^t.*", "u"], ["t", "u"], ["t"]]
const NAMES = ["t", "u", "tv"]

export class World {
  readonly coordinator: Coordinator
  /** The latest that any clock has told. */
  latest = 0
  readonly #isWild: boolean
  readonly members: RuleKeeper[] = []
  #calls: Call[] = []
  #made = 0
  readonly #invariants = new Invariants()

  /** `isWild`: members that cannot trust the clock own what they should not; nothing is looked at but the state. */
  constructor(rules: Rules, isWild = false) {
    this.#isWild = isWild
    this.coordinator = new Coordinator(rules)
    this.coordinator.topics = [topicOf("t", 3, 0), topicOf("u", 2, 0)]
    for (const index of [0, 1, 2]) this.#start(index, index)
  }

  get now(): number {
    return this.coordinator.now
  }

  get alive(): readonly RuleKeeper[] {
    return this.members.filter(({ isAlive }) => isAlive)
  }

  happen({ what, who, which }: Event): void {
    const member = pick(this.members, who)
    const alive = pick(this.alive, who)
    const call = pick(this.#calls, which)
    if (what === "round" && alive !== undefined && !alive.hasLeft) this.round(alive, which % 2 === 0)
    if (what === "send" && alive !== undefined) this.#calls.push(new Call(alive.send(this.now)))
    if (what === "again" && member?.last !== undefined) this.#calls.push(new Call(member.last))
    if (what === "step" && call !== undefined) this.#step(call, who % 4 === 0)
    if (what === "lose" && call !== undefined) this.#forget(call)
    if (what === "hear") this.#hear(which)
    if (what === "finish") alive?.finish()
    if (what === "wait") this.coordinator.now += 1 + which * 5
    if (what === "long") this.coordinator.now += 400 + which * 25
    if (what === "leave" && alive !== undefined && alive.instanceId === undefined)
      this.#calls.push(new Call(alive.leave(this.now)))
    if (what === "crash" && which % 3 === 0) alive?.crash()
    if (what === "start" && this.alive.length < 4) this.#start(who, which)
    if (what === "subscribe" && alive !== undefined) alive.wants(pick(SUBSCRIPTIONS, which) ?? [], pick(assignors, who))
    if (what === "topic") this.#change(who, which)
    if (what === "jump") this.coordinator.now += pick(JUMPS_MS, which) ?? 0
    this.latest = Math.max(this.latest, this.now)
    this.#nobodyOwnsTwice()
  }

  /** A request, its answer, and everything that had to be finished. */
  round(member: RuleKeeper, finishes = true): void {
    this.#through(member, member.send(this.now))
    if (finishes) member.finish()
  }

  /** Nothing goes wrong any more, and what is on its way is lost. */
  calm(): void {
    this.#calls = []
  }

  #through(member: RuleKeeper, sent: Sent): void {
    const call = new Call(sent)
    for (let steps = 0; call.stage !== "answered"; steps++) {
      if (steps > 9) throw new Error("a call alone does not end")
      this.#step(call, false)
    }
    member.hear(sent, call.answer, this.now)
  }

  #step(call: Call, losesAnswer: boolean): void {
    if (this.#isTooLate(call)) {
      this.#forget(call)
      return
    }
    const change = this.coordinator.step(call, losesAnswer)
    if (change !== undefined) this.#changed(change)
  }

  #changed(change: Change): void {
    this.#invariants.check(change)
    this.#nobodyOwnsTwice()
  }

  #hear(which: number): void {
    const answered = this.#calls.filter(({ stage }) => stage === "answered")
    const call = pick(answered, which)
    if (call === undefined) return
    this.#forget(call)
    const member = this.#memberOf(call.sent)
    if (!call.sent.leaves) member?.hear(call.sent, call.answer, this.now)
  }

  #memberOf({ request }: Sent): RuleKeeper | undefined {
    return this.members.find(({ memberId }) => memberId === request.memberId)
  }

  /**
   * Requests of a static member that is gone and has a successor take effect only while the group knows of it, if they do at
   * all: a join later than that takes the place of who has it by now, until that one asks again.
   */
  #isTooLate({ sent }: Call): boolean {
    const member = this.#memberOf(sent)
    if (member === undefined || member.isAlive || member.instanceId === undefined) return false
    const isLast = this.members.findLast(({ instanceId }) => instanceId === member.instanceId) === member
    const { members = [] } = this.coordinator.state ?? {}
    const { memberId: id } = member
    return !isLast && !members.some(({ memberId, predecessor }) => memberId === id || predecessor === id)
  }

  #forget(call: Call): void {
    this.#calls = this.#calls.filter((each) => each !== call)
  }

  /** Odd ones are static, and take the place of one that crashed if there is such a one. */
  #start(who: number, which: number): void {
    const names = new Set(this.alive.map(({ instanceId }) => instanceId))
    const instanceId = who % 2 === 0 ? undefined : ["one", "two"].find((name) => !names.has(name))
    this.#made++
    const member = new RuleKeeper(`m${this.#made}`, instanceId)
    member.wants(pick(SUBSCRIPTIONS, which) ?? [], pick(assignors, who))
    this.members.push(member)
  }

  /** Deletes a topic, makes it, or gives it a partition. */
  #change(who: number, which: number): void {
    const name = pick(NAMES, who) ?? ""
    const { topics } = this.coordinator
    const others = topics.filter(({ topic }) => topic !== name)
    const present = topics.find(({ topic }) => topic === name)
    this.#made++
    if (present === undefined) this.coordinator.topics = [...others, topicOf(name, 1 + (which % 4), this.#made)]
    else if (which % 3 === 0) this.coordinator.topics = others
    else if (which % 3 === 1) this.coordinator.topics = [...others, topicOf(name, 1 + (which % 4), this.#made)]
    else if (present.partitions < 6) {
      this.coordinator.topics = [...others, { ...present, partitions: present.partitions + 1 }]
    }
  }

  /** Whoever owns a partition of a topic that is there holds it; and so nobody else does. */
  #nobodyOwnsTwice(): void {
    if (this.#isWild) return
    const { state } = this.coordinator
    for (const member of this.alive) {
      for (const { topicId, topic, partition } of member.owned(this.now)) {
        const held = state?.topics.find((each) => each.topicId === topicId)
        const holder = held?.partitions[partition]?.holder
        if (held !== undefined && holder !== member.memberId) {
          throw new Error(`${member.memberId} owns ${topic}/${partition}, which ${holder ?? "nobody"} holds`)
        }
      }
    }
  }
}

function topicOf(topic: string, partitions: number, made: number): LiveTopic {
  return { topicId: `${topic}-${made}`, topic, partitions }
}

function pick<T>(all: readonly T[], which: number): T | undefined {
  return all[which % Math.max(1, all.length)]
}
