/** A service in memory that answers what a consumer asks: one group, which reads the first topic, and a clock of the test's. */

import { type PollBody, type PolledHead, problem } from "stratalog/protocol"
import { decodeBatch, encodeBatch, joinBatches, portableCodecs, type RecordInput } from "stratalog/record-batch"
import { GroupState, Refusal } from "./group-state.ts"

export interface ServiceClock {
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface SeenPoll {
  readonly memberId: string
  readonly body: PollBody
}

const codecs = portableCodecs()
const encoder = new TextEncoder()

export class GroupService {
  readonly state: GroupState
  readonly polls: SeenPoll[] = []
  readonly logs = new Map<string, RecordInput[][]>()
  /** Of topics that were made again; the others are known by their names. */
  readonly topicIds = new Map<string, string>()
  /** Refuses a poll before it does anything. */
  refuse: (poll: SeenPoll) => Refusal | undefined = () => undefined
  /** Records in all answers. */
  recordsSent = 0
  /** How often a member asked while an answer to it was under way. */
  overlaps = 0
  readonly #underWay = new Map<string, Set<AbortSignal>>()
  readonly #clock: ServiceClock
  #onChange: (() => void)[] = []

  constructor(topics: Readonly<Record<string, number>>, clock: ServiceClock) {
    this.#clock = clock
    for (const [topic, partitions] of Object.entries(topics)) {
      const logs = Array.from({ length: partitions }, (): RecordInput[] => [])
      this.logs.set(topic, logs)
    }
    const [topic = "", partitions = 0] = Object.entries(topics)[0] ?? []
    const places = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
    this.state = new GroupState(places, clock)
  }

  append(topic: string, partition: number, records: readonly { key?: string | null; value: unknown }[]): void {
    const log = this.#log(topic, partition)
    for (const { key = null, value } of records) {
      const bytes = value instanceof Uint8Array ? value : encoder.encode(JSON.stringify(value))
      log.push({ timestamp: 1_000 + log.length, key: key === null ? null : encoder.encode(key), value: bytes })
    }
    this.wake()
  }

  /** Deletes a topic and makes it again. */
  remake(topic: string): void {
    this.topicIds.set(topic, `${topic}-again`)
    const partitions = this.logs.get(topic) ?? []
    this.logs.set(
      topic,
      partitions.map(() => []),
    )
    for (const partition of partitions.keys()) this.state.committed.delete(`${topic}/${partition}`)
    this.wake()
  }

  #idOf(topic: string): string {
    return this.topicIds.get(topic) ?? topic
  }

  /** Has those that wait look again. */
  wake(): void {
    for (const resolve of this.#onChange) resolve()
    this.#onChange = []
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    try {
      return await this.#route(request, pathname)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const results = error.partitions.map(({ topic, partition }) => ({
        topic,
        partition,
        error: { code: error.code },
      }))
      const body = problem(error.code, error.message, results.length === 0 ? {} : { results })
      return Response.json(body, { status: body.status })
    }
  }

  async #route(request: Request, path: string): Promise<Response> {
    const [, , kind, name = "", part, id = "", action] = path.split("/")
    if (kind === "producers") return Response.json({ id: 1, epoch: 0 })
    if (kind === "topics" && part === undefined) return this.#describe(name)
    if (kind === "topics") return this.#produce(name, Number(id), new Uint8Array(await request.arrayBuffer()))
    if (part === undefined) return this.#describeGroup()
    const text = await request.text()
    if (part === "offsets") {
      const { memberId, memberEpoch, offsets } = JSON.parse(text)
      this.state.commit(memberId, memberEpoch, offsets)
      return Response.json({ offsets: [] })
    }
    if (action === "poll") return this.#poll(id, JSON.parse(text), request.signal)
    this.state.leave(id)
    this.wake()
    return new Response(null, { status: 204 })
  }

  #describe(topic: string): Response {
    const log = this.logs.get(topic)
    if (log === undefined) throw new Refusal("topic_not_found", topic)
    return Response.json({ partitions: log.length, config: {} })
  }

  #describeGroup(): Response {
    const members = [...this.state.members.values()].map(({ id, instanceId }) => ({ memberId: id, instanceId }))
    return Response.json({ members })
  }

  async #produce(topic: string, partition: number, bytes: Uint8Array): Promise<Response> {
    const log = this.#log(topic, partition)
    const baseOffset = log.length
    const records = await decodeBatch(bytes, codecs, 1e9)
    for (const { timestamp, key, value, headers } of records) log.push({ timestamp, key, value, headers })
    this.wake()
    return Response.json({ partition, baseOffset, count: records.length, timestamp: records[0]?.timestamp ?? 0 })
  }

  async #poll(memberId: string, body: PollBody, signal: AbortSignal): Promise<Response> {
    this.polls.push({ memberId, body })
    const refusal = this.refuse({ memberId, body })
    if (refusal !== undefined) throw refusal
    const commit = body.commit?.filter(({ topic, topicId = this.#idOf(topic) }) => topicId === this.#idOf(topic))
    const { late } = this.state.hear(memberId, { ...body, commit })
    this.wake()
    const until = this.#clock.now() + Number(body.wait ?? 0)
    const before = JSON.stringify(this.state.assignmentOf(memberId))
    const under = this.#underWay.get(memberId) ?? new Set()
    this.#underWay.set(memberId, under.add(signal))
    if ([...under].filter(({ aborted }) => !aborted).length > 1) this.overlaps++
    try {
      for (;;) {
        const batches = late ? [] : this.#read(memberId, body)
        const isOver = batches.length > 0 || late || signal.aborted || this.#clock.now() >= until
        const moved = JSON.stringify(this.state.assignmentOf(memberId)) !== before
        if (isOver || moved || !this.state.members.has(memberId)) return this.#answer(memberId, batches)
        await this.#change(until - this.#clock.now(), signal)
        this.state.expire(memberId)
      }
    } finally {
      under.delete(signal)
    }
  }

  async #change(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    this.#onChange.push(() => over.abort())
    signal.addEventListener("abort", () => over.abort(), { once: true })
    await this.#clock.sleep(ms, over.signal).catch(() => undefined)
  }

  #read(memberId: string, body: PollBody) {
    const paused = new Set(namesOf(body.paused))
    let room = body.maxBytes ?? 1e6
    return this.state.assignmentOf(memberId).flatMap(({ topic, partition }) => {
      const log = this.#log(topic, partition)
      const name = `${topic}/${partition}`
      const isFormer = body.owned?.some((owned) => owned.topic === topic && owned.topicId !== this.#idOf(topic))
      const asked = body.positions?.find(
        (position) => position.topic === topic && position.partition === partition && !isFormer,
      )
      const offset =
        asked?.offset ?? this.state.committed.get(name) ?? (body.autoOffsetReset === "latest" ? log.length : 0)
      const records: RecordInput[] = []
      for (const record of paused.has(name) ? [] : log.slice(offset)) {
        if (room <= 0) break
        records.push(record)
        room -= record.value?.length ?? 0
      }
      if (records.length === 0) return []
      this.recordsSent += records.length
      const bytes = encodeBatch({ records, baseOffset: offset }, codecs.crc32c)
      const ends = { nextOffset: offset + records.length, highWatermark: log.length, logStartOffset: 0 }
      return [{ bytes, head: { topic, partition, offset, bytes: bytes.length, ...ends } }]
    })
  }

  #answer(memberId: string, batches: readonly { bytes: Uint8Array; head: PolledHead["batches"][number] }[]): Response {
    const member = this.state.members.get(memberId)
    if (member === undefined) throw new Refusal("member_not_found", memberId)
    const head: PolledHead = {
      memberId,
      memberEpoch: member.epoch,
      heartbeatInterval: this.state.isMoving ? 500 : Math.min(member.sessionTimeoutMs / 3, 5_000),
      assignment: this.state.assignmentOf(memberId).map(({ topic, partition }) => {
        return { topic, topicId: this.#idOf(topic), partitions: [partition] }
      }),
      batches: batches.map((batch) => batch.head),
    }
    const headBytes = encoder.encode(JSON.stringify(head))
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, headBytes.length)
    const bytes = joinBatches([length, headBytes, ...batches.map((batch) => batch.bytes)])
    return new Response(bytes, { headers: { "content-type": "application/vnd.stratalog.poll" } })
  }

  #log(topic: string, partition: number): RecordInput[] {
    const log = this.logs.get(topic)?.[partition]
    if (log === undefined) throw new Refusal("partition_not_found", `${topic}/${partition}`)
    return log
  }
}

function namesOf(topics: PollBody["paused"] = []): string[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}/${partition}`))
}
