/** A member as the documents want it: one request at a time, numbered; it says what it has and stops reading what it lost. */
import type { HeartbeatBody, PollBody } from "stratalog/protocol"
import type { WithoutBase } from "../../checker/operation.ts"
import type { Answer, GivenBatch, GivenPoll, MemberService, Membership } from "./service.ts"

export interface Choices {
  /** From 0 up to and without `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
}

export interface MemberWorld {
  readonly random: Choices
  readonly chronicle: {
    begin(): number
    end(process: string, call: number, ...results: readonly WithoutBase[]): void
  }
  /** Another process each time, over the network; undefined: no answer came. */
  ask<T>(what: string, request: (service: MemberService) => Promise<Answer<T>>): Promise<Answer<T> | undefined>
  /** Turns of the scheduler go by; time, too. */
  work(who: string): Promise<void>
}

export interface MemberOptions {
  readonly group: string
  readonly memberId: string
  readonly instanceId?: string
  readonly topics: readonly string[]
  readonly autoOffsetReset: "earliest" | "latest"
  readonly sessionTimeoutMs: number
}

/** What it knows of a partition that it has: `done` <= `position`, and between them is what it was given and not processed. */
interface Place {
  readonly topic: string
  readonly partition: number
  /** Where to read on; undefined: where the group is. */
  position?: number
  /** Everything below is processed. */
  done?: number
  committed?: number
}

interface Request {
  readonly number: number
  readonly epoch: number
  readonly owned: readonly string[]
  readonly commits: readonly { readonly place: Place; readonly offset: number }[]
  readonly body: HeartbeatBody & PollBody
}

/** What a member does next; a run chooses. */
export interface Habits {
  /** How many of its requests only keep it alive. */
  readonly heartbeats: number
  /** How often it gives up what it lost only later. */
  readonly slowRevocations: number
  /** Whether it commits all it did, each time. */
  readonly eager: boolean
  /** Other than its own. */
  readonly sessionTimeoutMs?: number
  /** It takes many records at once, and waits for none. */
  readonly inHaste?: true
}

export class Member {
  readonly options: MemberOptions
  readonly #world: MemberWorld
  #epoch = 0
  #number = 0
  #lives = 0
  /** What it may read. */
  #assigned = new Map<string, Place>()
  /** What it lost and has not given up yet: it finishes what it was given, and commits that. */
  #finishing = new Map<string, Place>()
  /** Sent without an answer: the same may be sent again. */
  #unanswered: Request | undefined

  constructor(world: MemberWorld, options: MemberOptions) {
    this.#world = world
    this.options = options
  }

  get process(): string {
    return `${this.options.memberId}.${this.#lives}`
  }

  /** The partitions that it may read, as far as it knows. */
  get assignment(): readonly string[] {
    return [...this.#assigned.keys()].sort()
  }

  get epoch(): number {
    return this.#epoch
  }

  /** One request, and what comes of it. */
  async round(habits: Habits): Promise<void> {
    await this.#process(habits)
    const { random } = this.#world
    const again = random.chance(0.5) ? this.#unanswered : undefined
    const request = again ?? this.#request(habits)
    this.#unanswered = request
    const isPoll = request.commits.length > 0 || !random.chance(habits.heartbeats)
    await (isPoll ? this.#poll(request) : this.#heartbeat(request))
  }

  /** Commits what is done and leaves; a static member only goes. */
  async leave(): Promise<void> {
    await this.round({ heartbeats: 0, slowRevocations: 0, eager: true })
    if (this.options.instanceId !== undefined || this.#epoch === 0) return
    const call = this.#world.chronicle.begin()
    // What was sent before it is not sent again after it.
    this.#unanswered = undefined
    const number = ++this.#number
    const answer = await this.#world.ask(`${this.process} leaves`, (service) => {
      return service.heartbeat(this.options.memberId, { memberEpoch: -1, number })
    })
    const type = answer === undefined ? "info" : answer.kind === "ok" ? "ok" : "info"
    this.#noteAssignment(call, type, { epoch: -1, owned: [] }, [])
  }

  /** It works at some of what it was given. */
  async #process({ slowRevocations, eager }: Habits): Promise<void> {
    const { random } = this.#world
    for (const [name, place] of [...this.#assigned, ...this.#finishing]) {
      const { position, done } = place
      if (position === undefined || done === undefined || done >= position) continue
      const upTo = eager ? position : done + random.below(position - done + 1)
      await this.#finish(name, place, upTo)
    }
    for (const [name, place] of this.#finishing) {
      if (random.chance(slowRevocations)) continue
      // What is not done goes to the next owner.
      if (random.chance(0.5) || place.done === place.position) this.#givenUp.add(name)
    }
  }

  readonly #givenUp = new Set<string>()

  async #finish(name: string, place: Place, upTo: number): Promise<void> {
    const { chronicle } = this.#world
    const life = this.#lives
    const call = chronicle.begin()
    await this.#world.work(this.process)
    if (life !== this.#lives || place.done === undefined || upTo <= place.done) return
    const key = `${this.options.group}:${name}`
    chronicle.end(this.process, call, { f: "process", type: "ok", key, args: { offset: place.done }, nextOffset: upTo })
    place.done = upTo
  }

  #request({ eager, inHaste, sessionTimeoutMs = this.options.sessionTimeoutMs }: Habits): Request {
    const { random } = this.#world
    const { topics, instanceId, autoOffsetReset } = this.options
    const places = [...this.#assigned, ...this.#finishing]
    const commits = places.flatMap(([, place]) => {
      const { done, committed } = place
      if (done === undefined || done <= (committed ?? -1) || !(eager || random.chance(0.7))) return []
      return [{ place, offset: done }]
    })
    for (const name of this.#givenUp) this.#finishing.delete(name)
    this.#givenUp.clear()
    const owned = [...this.#assigned.keys(), ...this.#finishing.keys()]
    const positions = [...this.#assigned.values()].flatMap(({ topic, partition, position }) => {
      return position === undefined ? [] : [{ topic, partition, offset: position }]
    })
    const number = ++this.#number
    const body: HeartbeatBody & PollBody = {
      memberEpoch: this.#epoch,
      topics: [...topics],
      owned: byTopic(owned),
      number,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs * 3,
      ...(instanceId !== undefined && { instanceId }),
      autoOffsetReset,
      positions,
      commit: commits.map(({ place: { topic, partition }, offset }) => ({ topic, partition, offset })),
      maxRecords: inHaste ? 1_000 : 1 + random.below(6),
      wait: inHaste ? 0 : random.pick([0, 0, 500]),
    }
    return { number, epoch: this.#epoch, owned, commits, body }
  }

  async #heartbeat(request: Request): Promise<void> {
    const { memberEpoch, topics, owned, number, sessionTimeout, rebalanceTimeout, instanceId } = request.body
    const body = { memberEpoch, topics, owned, number, sessionTimeout, rebalanceTimeout, instanceId }
    const call = this.#world.chronicle.begin()
    const answer = await this.#world.ask(`${this.process} beats`, (service) => {
      return service.heartbeat(this.options.memberId, body)
    })
    this.#hear(call, request, answer)
  }

  async #poll(request: Request): Promise<void> {
    const call = this.#world.chronicle.begin()
    const answer = await this.#world.ask(`${this.process} polls`, (service) => {
      return service.poll(this.options.memberId, request.body)
    })
    this.#noteCommits(call, request, answer)
    if (this.#hear(call, request, answer)) this.#take(call, answer.value)
  }

  #noteCommits(call: number, { commits, epoch }: Request, answer: Answer<unknown> | undefined): void {
    const type = answer?.kind === "ok" ? "ok" : answer?.kind === "refused" ? "fail" : "info"
    const operations = commits.map(({ place: { topic, partition }, offset }) => {
      return { f: "commit", type, key: `${this.options.group}:${topic}/${partition}`, offset, epoch } as const
    })
    if (type === "ok") for (const { place, offset } of commits) place.committed = offset
    this.#world.chronicle.end(this.process, call, ...operations)
  }

  /** Takes over what the answer says of the member itself; whether it says it. */
  #hear<T extends Membership>(
    call: number,
    request: Request,
    answer: Answer<T> | undefined,
  ): answer is Extract<Answer<T>, { kind: "ok" }> {
    const said = { epoch: request.epoch, owned: request.owned }
    if (answer?.kind !== "ok") {
      const isRefused = answer?.kind === "refused" && isOver(answer.code)
      this.#noteAssignment(call, isRefused ? "fail" : "info", said, [])
      if (isRefused) this.#startAnew()
      else if (answer?.kind === "refused") this.#unanswered = undefined
      return false
    }
    this.#unanswered = undefined
    const { memberEpoch, assignment } = answer.value
    const told = assignment.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
    this.#epoch = memberEpoch
    const before = this.#assigned
    this.#assigned = new Map(told.map((each) => [nameOf(each), before.get(nameOf(each)) ?? { ...each }]))
    for (const [name, place] of before) if (!this.#assigned.has(name)) this.#finishing.set(name, place)
    // What it had to give up and gets again begins anew: its request did not say where to read on.
    for (const name of this.#assigned.keys()) this.#finishing.delete(name)
    this.#noteAssignment(call, "ok", said, told.map(nameOf))
    return true
  }

  #noteAssignment(
    call: number,
    type: "ok" | "fail" | "info",
    args: { readonly epoch: number; readonly owned: readonly string[] },
    value: readonly string[],
  ): void {
    const epoch = type === "ok" ? this.#epoch : args.epoch
    const { memberId: member } = this.options
    const operation = { f: "assign", type, key: this.options.group, member, epoch, args, value } as const
    this.#world.chronicle.end(this.process, call, operation)
  }

  /** The group goes on without it: it drops everything and joins again. */
  #startAnew(): void {
    this.#epoch = 0
    this.#lives += 1
    this.#assigned.clear()
    this.#finishing.clear()
    this.#givenUp.clear()
    this.#unanswered = undefined
  }

  /** Records that were given, and what was claimed for it. */
  #take(call: number, { batches }: GivenPoll): void {
    const given = new Map(batches.map((batch) => [nameOf(batch), batch]))
    for (const [name, place] of this.#assigned) {
      const batch = given.get(name)
      if (batch === undefined) continue
      if (place.position === undefined) this.#noteClaim(call, name, batch)
      place.done ??= batch.offset
      place.position = batch.nextOffset
      this.#noteRecords(call, name, batch)
    }
  }

  #noteClaim(call: number, name: string, { offset }: GivenBatch): void {
    const { memberId: member, autoOffsetReset } = this.options
    const latest = autoOffsetReset === "latest" ? { latest: true as const } : {}
    const base = { f: "claim", type: "ok", key: `${this.options.group}:${name}`, member, epoch: this.#epoch } as const
    this.#world.chronicle.end(this.process, call, { ...base, offset, ...latest })
  }

  #noteRecords(call: number, name: string, batch: GivenBatch): void {
    const { offset, records: value, nextOffset, highWatermark, logStartOffset } = batch
    const result = { f: "poll", type: "ok", key: `${this.options.group}:${name}`, args: { offset } } as const
    this.#world.chronicle.end(this.process, call, { ...result, value, nextOffset, highWatermark, logStartOffset })
  }
}

/** Answers after which a member has nothing any more. */
function isOver(code: string): boolean {
  return code === "member_not_found" || code === "member_fenced"
}

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`
}

function byTopic(names: readonly string[]): { topic: string; partitions: number[] }[] {
  const split = names.map((name) => {
    const at = name.lastIndexOf("/")
    return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) }
  })
  return [...Map.groupBy(split, ({ topic }) => topic)].map(([topic, found]) => {
    return { topic, partitions: found.map(({ partition }) => partition) }
  })
}
