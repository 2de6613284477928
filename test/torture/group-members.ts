/** Members of a group that poll, commit, pause for longer than their sessions, crash, leave and come back. */
import { setTimeout as sleep } from "node:timers/promises"
import type { CommittedOffsets, GroupLag, Heartbeat, HeartbeatBody, PollBody, Polled } from "stratalog/protocol"
import type { ReadRecord } from "../checker/operation.ts"
import { type Habits, Member } from "../simulation/groups/member.ts"
import type { Answer, GivenPoll, GroupService, MemberService, Membership } from "../simulation/groups/service.ts"
import type { Client, Phase } from "./phase.ts"
import type { Random } from "./random.ts"
import { nameOf } from "./values.ts"

export interface GroupOptions {
  readonly name: string
  readonly random: Random
  readonly group: string
  readonly topics: readonly string[]
  readonly seats: number
  /** Sessions while servers die, so short that pauses outlast some of them, milliseconds. */
  readonly sessionMs: number
}

/** The longest pause, in sessions. */
const LONGEST_PAUSE = 2.5

/** When all is well nobody is to be taken for gone, however slow the machine. */
const CALM: Habits = { heartbeats: 0, slowRevocations: 0, eager: true, inHaste: true }
const CALM_SESSION_MS = 30_000

/** Rounds of all members until everything has to be consumed, and what lies between two of them, milliseconds. */
const SETTLING = { rounds: 2_000, pauseMs: 20 }

/** A client for each seat: one member after another sits in it. The first static seat comes back under its name. */
export function groupMembers(options: GroupOptions): Client[] {
  const seats = Array.from({ length: options.seats }, (_, seat) => new Seat(options, seat))
  return seats.map((seat, at) => ({
    name: seat.name,
    step: (phase) => seat.step(phase),
    ...(at === 0 && { settle: (phase: Phase) => settle(options, seats, phase) }),
  }))
}

class Seat {
  readonly name: string
  readonly #options: GroupOptions
  readonly #random: Random
  readonly #seat: number
  #phase: Phase | undefined
  #members = 0
  #member: Member | undefined

  constructor(options: GroupOptions, seat: number) {
    // Those that follow what is written are settled after those that write.
    this.name = `${options.name}-follower-${seat}`
    this.#options = options
    this.#random = options.random.fork(`seat ${seat}`)
    this.#seat = seat
  }

  async step(phase: Phase): Promise<void> {
    const random = this.#random
    if (random.chance(0.02)) await this.#leave(phase)
    if (random.chance(0.03)) this.#member = undefined
    const habits = { heartbeats: 0.1, slowRevocations: 0.3, eager: random.chance(0.5) }
    await this.#sitting(phase).round(habits)
    if (random.chance(0.02)) await this.#pause(phase)
  }

  calmRound(phase: Phase, sessionTimeoutMs: number): Promise<void> {
    return this.#sitting(phase).round({ ...CALM, sessionTimeoutMs })
  }

  async #leave(phase: Phase): Promise<void> {
    await this.#sitting(phase).leave()
    this.#member = undefined
  }

  async #pause(phase: Phase): Promise<void> {
    phase.recorder.fault("member-paused")
    const until = performance.now() + this.#random.int(LONGEST_PAUSE * this.#options.sessionMs)
    while (!phase.over && performance.now() < until) await sleep(20)
  }

  #sitting(phase: Phase): Member {
    this.#phase = phase
    this.#member ??= this.#newMember(phase)
    return this.#member
  }

  #newMember({ recorder }: Phase): Member {
    const { group, topics, sessionMs } = this.#options
    const random = this.#random
    const world = {
      random: { below: random.int, chance: random.chance, pick: random.pick },
      chronicle: {
        begin: () => recorder.begin(),
        end: (...told: Parameters<typeof recorder.end>) => recorder.end(...told),
      },
      ask: <T>(_what: string, request: (service: MemberService) => Promise<Answer<T>>) => this.#ask(request),
      work: () => sleep(random.int(5)),
    }
    return new Member(world, {
      group,
      memberId: `${this.name}.${++this.#members}`,
      ...(this.#seat === 0 && { instanceId: this.name }),
      topics,
      autoOffsetReset: "earliest",
      sessionTimeoutMs: sessionMs,
    })
  }

  async #ask<T>(request: (service: MemberService) => Promise<Answer<T>>): Promise<Answer<T> | undefined> {
    const phase = this.#phase
    if (phase === undefined) throw new Error("nobody sits here")
    return request(serviceOver(phase, this.#options.group))
  }
}

const LOST = { kind: "unknown" } as const

/** Refusals that a member meets while servers die and others come and go. */
const EXPECTED = new Set(["member_not_found", "member_fenced", "concurrent_change", "unavailable", "too_many_requests"])

function serviceOver(phase: Phase, group: string): MemberService & Pick<GroupService, "committed"> {
  const member = async <T>(memberId: string, what: string, body: unknown): Promise<Answer<T>> => {
    const answer = await phase.postJson(`/v1/groups/${group}/members/${memberId}/${what}`, body)
    if (answer === undefined) return LOST
    const told = JSON.parse(answer.text)
    if (answer.status === 200) return { kind: "ok", value: told }
    if (told.sideEffects === "unknown") return LOST
    if (!EXPECTED.has(told.code)) phase.recorder.violations.push(`${what} of ${memberId} was refused: ${answer.text}`)
    return { kind: "refused", code: told.code }
  }
  return {
    heartbeat: (memberId: string, body: HeartbeatBody): Promise<Answer<Membership>> =>
      member<Heartbeat>(memberId, "heartbeat", body),
    poll: async (memberId: string, body: PollBody): Promise<Answer<GivenPoll>> => {
      const answer = await member<Polled>(memberId, "poll", { ...body, valueFormat: "utf8", wait: body.wait ?? 0 })
      return answer.kind === "ok" ? { kind: "ok", value: givenBy(answer.value) } : answer
    },
    committed: async () => {
      const answer = await phase.exchange({ method: "GET", path: `/v1/groups/${group}/offsets` })
      if (answer?.status !== 200) return LOST
      const { offsets }: CommittedOffsets = JSON.parse(answer.text)
      return { kind: "ok", value: offsets }
    },
  }
}

function givenBy({ batches, problems = [], ...membership }: Polled): GivenPoll {
  const given = batches.map(({ topic, partition, records, nextOffset, highWatermark, logStartOffset }) => {
    const value = records.map((record): ReadRecord => [record.offset, nameOf(record.value)])
    const offset = value[0]?.[0] ?? nextOffset
    return { topic, partition, offset, records: value, nextOffset, highWatermark, logStartOffset }
  })
  return { ...membership, batches: given, problems }
}

/** No faults any more: the group comes to rest, and everything is consumed. */
async function settle(options: GroupOptions, seats: readonly Seat[], phase: Phase): Promise<void> {
  const { group, name, sessionMs } = options
  for (let round = 0; round < SETTLING.rounds; round++) {
    await Promise.all(seats.map((seat) => seat.calmRound(phase, CALM_SESSION_MS)))
    if (await isConsumed(phase, group)) {
      // Who crashes in the next round is not to be waited for so long.
      await Promise.all(seats.map((seat) => seat.calmRound(phase, sessionMs)))
      return look(phase, group, name)
    }
    await sleep(SETTLING.pauseMs)
  }
  const answer = await phase.exchange({ method: "GET", path: `/v1/groups/${group}` })
  phase.recorder.violations.push(`${group} did not consume everything: ${answer?.text.slice(0, 3_000)}`)
}

async function isConsumed(phase: Phase, group: string): Promise<boolean> {
  const answer = await phase.exchange({ method: "GET", path: `/v1/groups/${group}/lag` })
  if (answer?.status !== 200) return false
  const { partitions }: GroupLag = JSON.parse(answer.text)
  return (
    partitions.length > 0 &&
    partitions.every(({ committedOffset, highWatermark }) => {
      return highWatermark === (committedOffset ?? 0)
    })
  )
}

async function look(phase: Phase, group: string, name: string): Promise<void> {
  const call = phase.recorder.begin()
  const answer = await serviceOver(phase, group).committed()
  if (answer.kind !== "ok") return void phase.recorder.violations.push(`the offsets of ${group} could not be read`)
  const told = answer.value.map(({ topic, partition, offset }) => {
    return { f: "committed", type: "ok", key: `${group}:${topic}/${partition}`, offset } as const
  })
  phase.recorder.end(name, call, ...told)
}
