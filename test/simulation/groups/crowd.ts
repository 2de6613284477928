/** Members that come and go, a producer, and whoever looks after the group. */
import { decodeVerifiedBatch, portableCodecs } from "stratalog/record-batch"
import type { ReadRecord } from "../../checker/operation.ts"
import { type Habits, Member, type MemberWorld } from "./member.ts"
import type { Answer, GroupService } from "./service.ts"
import { GROUP, serviceOf } from "./use-cases.ts"
import type { Handler, World } from "./world.ts"

const TOPICS = ["ta", "tb"] as const
const HANDLERS = 3
const SEATS = 4
const SESSION_MS = 10_000

/** After the faults: so many rounds of everybody until the group has to be at rest, and so many in which it stays. */
const SETTLING = 150
const RESTING = 6

const CALM: Habits = { heartbeats: 0, slowRevocations: 0, eager: true }

export interface CrowdOptions {
  readonly autoOffsetReset: "earliest" | "latest"
}

interface Served {
  readonly handler: Handler
  readonly service: GroupService
}

export class Crowd {
  readonly #world: World
  readonly #options: CrowdOptions
  readonly #handlers: Served[] = []
  readonly #memberWorld: MemberWorld
  /** Who is there after the faults, by seat. */
  readonly #seated = new Map<number, Member>()
  #members = 0
  /** Everybody is to go, so that the group can be reset. */
  #isClosing = false

  constructor(world: World, options: CrowdOptions) {
    this.#world = world
    this.#options = options
    const { random, chronicle, goOn } = world
    this.#memberWorld = {
      random,
      chronicle,
      ask: (what, request) => this.#ask(what, request),
      work: async (who) => {
        world.pass(random.below(300))
        await goOn(`${who} works`)
      },
    }
  }

  async begin(): Promise<void> {
    for (const name of TOPICS) await this.#world.makeTopic(name, 2)
    for (let count = 0; count < HANDLERS; count += 1) this.#handlers.push(this.#serve())
  }

  async work(rounds: number): Promise<void> {
    const seats = Array.from({ length: SEATS }, (_, seat) => this.#sit(seat, rounds))
    await Promise.all([
      ...seats,
      this.#produce(rounds * 2),
      this.#look(rounds),
      this.#grow(),
      this.#resetSometimes(rounds),
    ])
  }

  #serve(): Served {
    const handler = this.#world.start()
    return { handler, service: serviceOf(this.#world, handler) }
  }

  /** A process that lives; a killed one is replaced. */
  #served(): Served {
    const at = this.#world.random.below(this.#handlers.length)
    const found = this.#handlers[at]
    if (found !== undefined && !found.handler.process.isKilled) return found
    const started = this.#serve()
    this.#handlers[at] = started
    return started
  }

  async #ask<T>(what: string, request: (service: GroupService) => Promise<Answer<T>>): Promise<Answer<T> | undefined> {
    const { handler, service } = this.#served()
    return this.#world.clients.ask(handler.process, what, () => request(service))
  }

  /** One seat has one member after another: some crash, some leave, a static one comes back under its name. */
  async #sit(seat: number, rounds: number): Promise<void> {
    const { random, goOn } = this.#world
    let member = this.#newMember(seat)
    for (let round = 0; round < rounds; round += 1) {
      if (this.#isClosing) member = await this.#stayAway(seat, member)
      const habits = { heartbeats: 0.2, slowRevocations: 0.4, eager: random.chance(0.3) }
      if (random.chance(0.03)) await member.leave()
      if (random.chance(0.06)) {
        this.#world.chronicle.fault("member gone")
        member = this.#newMember(seat)
      }
      await member.round(habits)
      this.#world.pass(random.below(400))
      if (random.chance(0.05)) await this.#pause(member)
      await goOn(`${member.process} rests`)
    }
  }

  /** Goes in order or not, and is back when the others are, or sooner. */
  async #stayAway(seat: number, member: Member): Promise<Member> {
    const { random, goOn } = this.#world
    if (random.chance(0.5)) await member.leave()
    while (this.#isClosing && !random.chance(0.005)) await goOn(`seat ${seat} is empty`)
    return this.#newMember(seat)
  }

  /** Once in most runs, back or on: everybody goes, and it is tried until it was done or somebody is back. */
  async #resetSometimes(rounds: number): Promise<void> {
    const { random, goOn, chronicle } = this.#world
    for (let turns = random.below(rounds * 120); turns > 0; turns -= 1) await goOn("resetter")
    this.#isClosing = true
    for (let tries = 0; tries < 12; tries += 1) {
      for (let turns = random.below(60); turns > 0; turns -= 1) await goOn("resetter")
      this.#world.pass(random.below(2 * SESSION_MS))
      if (await this.#reset()) {
        chronicle.fault("reset")
        break
      }
    }
    this.#isClosing = false
  }

  /** Whether it was done, or may have been. */
  async #reset(): Promise<boolean> {
    const { random, chronicle } = this.#world
    // What nobody answers for is known to the checker only where the offset is there in every partition.
    const offset = random.below(1 + (await this.#shortest()))
    const call = chronicle.begin()
    const answer = await this.#ask("resetter", (service) => service.reset(TOPICS, offset))
    const partitions =
      answer?.kind === "ok" ? answer.value : (await this.#partitions()).map((at) => ({ ...at, offset }))
    const type = answer?.kind === "ok" ? "ok" : "info"
    const operations = partitions.map((at) => {
      return { f: "reset", type, key: `${GROUP}:${at.topic}/${at.partition}`, offset: at.offset } as const
    })
    // One that was refused may come a second time, and be taken.
    chronicle.end("resetter", call, ...operations)
    return answer?.kind !== "refused"
  }

  async #partitions(): Promise<{ readonly topic: string; readonly partition: number }[]> {
    const topics = await Promise.all(TOPICS.map((name) => this.#world.topic(name)))
    return topics.flatMap(({ name: topic, partitions }) => {
      return Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
    })
  }

  /** How many records there are in each partition at least. */
  async #shortest(): Promise<number> {
    const ends = (await this.#partitions()).map(async ({ topic, partition }) => {
      const found = await this.#world.log.describe({ topicId: (await this.#world.topic(topic)).id, partition })
      return found.kind === "partition" ? found.state.highWatermark : 0
    })
    return Math.min(...(await Promise.all(ends)))
  }

  async #pause(member: Member): Promise<void> {
    const { random, goOn, chronicle } = this.#world
    chronicle.fault("member paused")
    if (random.chance(0.3)) this.#world.jump()
    for (let turns = random.below(300); turns > 0; turns -= 1) await goOn(`${member.process} paused`)
  }

  #newMember(seat: number): Member {
    const { random } = this.#world
    const topics = random.pick([TOPICS, TOPICS, [TOPICS[0]], ["^t.*"]])
    const member = new Member(this.#memberWorld, {
      group: GROUP,
      memberId: `m${++this.#members}`,
      ...(seat === 0 && { instanceId: "static" }),
      topics: seat < 2 ? TOPICS : topics,
      autoOffsetReset: this.#options.autoOffsetReset,
      sessionTimeoutMs: SESSION_MS,
    })
    this.#seated.set(seat, member)
    return member
  }

  async #produce(times: number): Promise<void> {
    const { random, goOn } = this.#world
    for (let count = 0; count < times; count += 1) {
      const topic = await this.#world.topic(random.pick(TOPICS))
      await this.#world.append(topic, random.below(topic.partitions), 1 + random.below(3))
      for (let turns = random.below(40); turns > 0; turns -= 1) await goOn("producer")
    }
  }

  /** Reads now and then what is committed. */
  async #look(times: number): Promise<void> {
    const { random, goOn } = this.#world
    for (let count = 0; count < times; count += 1) {
      await this.#noteCommitted(`looker`)
      for (let turns = random.below(60); turns > 0; turns -= 1) await goOn("looker")
    }
  }

  async #noteCommitted(process: string): Promise<boolean> {
    const { chronicle } = this.#world
    const call = chronicle.begin()
    const answer = await this.#ask("looker", (service) => service.committed())
    if (answer?.kind !== "ok") return false
    const operations = answer.value.map(({ topic, partition, offset }) => {
      return { f: "committed", type: "ok", key: `${GROUP}:${topic}/${partition}`, offset } as const
    })
    chronicle.end(process, call, ...operations)
    return true
  }

  async #grow(): Promise<void> {
    const { random, goOn } = this.#world
    for (let turns = random.below(4_000); turns > 0; turns -= 1) await goOn("grows")
    await this.#world.addPartition(random.pick(TOPICS))
  }

  get handovers(): number {
    const claims = this.#world.chronicle.history.flatMap((each) => (each.f === "claim" ? [each] : []))
    const last = new Map<string, string>()
    return claims.filter(({ key, member }) => {
      const before = last.get(key)
      last.set(key, member)
      return before !== undefined && before !== member
    }).length
  }

  /** No faults any more: everybody is assigned, everything is read, and then nothing changes any more. */
  async comeToRest(): Promise<void> {
    await this.#world.clients.landAll()
    for (let round = 0; round < SETTLING; round += 1) {
      await this.#everybody()
      if ((await this.#isAtRest()) && (await this.#unread()).length === 0) break
    }
    const before = await this.#epoch()
    for (let round = 0; round < RESTING; round += 1) await this.#everybody()
    const after = await this.#epoch()
    if (before !== after) this.#complain(`the group went from epoch ${before} to ${after}, with nobody disturbed`)
    if (!(await this.#isAtRest())) this.#complain(`the group does not come to rest: ${await this.#describe()}`)
    while (!(await this.#noteCommitted("last look"))) await this.#world.goOn("last look")
    for (const unread of await this.#unread()) this.#complain(unread)
  }

  #complain(what: string): void {
    this.#world.chronicle.violations.push(what)
  }

  async #everybody(): Promise<void> {
    for (const member of this.#seated.values()) {
      await member.round(CALM)
      this.#world.pass(1_000)
    }
  }

  async #epoch(): Promise<number> {
    const read = await this.#world.store.members(GROUP)
    return read.kind === "members" ? (read.state?.epoch ?? 0) : -1
  }

  async #describe(): Promise<string> {
    const read = await this.#world.store.members(GROUP)
    const told = [...this.#seated.values()].map((member) => `${member.process}: ${member.assignment.join(" ")}`)
    return `${told.join("; ")}; ${JSON.stringify(read)}`
  }

  /** Each partition is held by who shall have it, who is there and knows it; everybody is the same in the state. */
  async #isAtRest(): Promise<boolean> {
    const read = await this.#world.store.members(GROUP)
    if (read.kind !== "members" || read.state === undefined) return false
    const { topics, members } = read.state
    const seated = [...this.#seated.values()]
    if (members.length !== seated.length) return false
    const held = new Map<string, string[]>(seated.map(({ options }) => [options.memberId, []]))
    for (const { topic, partitions } of topics) {
      for (const [partition, { holder, target }] of partitions.entries()) {
        if (holder === undefined || holder !== target) return false
        held.get(holder)?.push(`${topic}/${partition}`)
      }
    }
    const partitions = topics.reduce((sum, topic) => sum + topic.partitions.length, 0)
    const expected = await Promise.all(TOPICS.map((name) => this.#world.topic(name)))
    if (partitions !== expected.reduce((sum, topic) => sum + topic.partitions, 0)) return false
    return seated.every(({ options, assignment }) => {
      return JSON.stringify(held.get(options.memberId)?.sort()) === JSON.stringify(assignment)
    })
  }

  /** Partitions of which not all is committed. */
  async #unread(): Promise<string[]> {
    const unread: string[] = []
    const read = await this.#world.store.read(GROUP)
    const offsets = read.kind === "offsets" ? read.offsets : []
    for (const name of TOPICS) {
      const topic = await this.#world.topic(name)
      for (let partition = 0; partition < topic.partitions; partition += 1) {
        const found = await this.#world.log.describe({ topicId: topic.id, partition })
        const end = found.kind === "partition" ? found.state.highWatermark : 0
        const committed = offsets.find((each) => each.topic === name && each.partition.partition === partition)
        if (end === (committed?.offset ?? 0)) continue
        unread.push(`${name}/${partition} is committed to ${committed?.offset} of ${end}`)
      }
    }
    return unread
  }

  /** Reads everything there is. */
  async drain(): Promise<void> {
    const { chronicle, log } = this.#world
    for (const name of TOPICS) {
      const topic = await this.#world.topic(name)
      for (let partition = 0; partition < topic.partitions; partition += 1) {
        const call = chronicle.begin()
        const read = await log.read({ topicId: topic.id, partition }, { offset: 0, maxBytes: Number.MAX_SAFE_INTEGER })
        if (read.kind !== "batches") throw new Error(`not read: ${JSON.stringify(read)}`)
        const value: ReadRecord[] = []
        for (const { bytes } of read.batches) {
          for (const record of await decodeVerifiedBatch(bytes, portableCodecs(), 1_000_000)) {
            value.push([record.offset, Buffer.from(record.value ?? []).toString()])
          }
        }
        const key = `${name}/${partition}`
        const args = { offset: 0, seek: true, drain: true } as const
        const { highWatermark, logStartOffset } = read.watermarks
        const result = { f: "fetch", type: "ok", key, args, value } as const
        chronicle.end("drain", call, { ...result, nextOffset: highWatermark, highWatermark, logStartOffset })
      }
    }
  }
}
