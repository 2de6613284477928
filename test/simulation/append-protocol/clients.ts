/** What clients ask of the processes, and what they learn: a history for the checker. */
import { decodeVerifiedBatch, encodeBatch, portableCodecs } from "stratalog/record-batch"
import type { AppendEntry, AppendOutcome } from "../../../functions/log/ports.ts"
import { sweepPlaced } from "../../../functions/partitions/sweep/sweep-placed.ts"
import { upkeepPartition } from "../../../functions/segments/upkeep/upkeep-partition.ts"
import type { Topic } from "../../../functions/topics/ports.ts"
import type { Operation, OperationType, ReadRecord } from "../../checker/operation.ts"
import { nameOf, paddedValue } from "../../torture/values.ts"
import { PARTITION, type Worker, type World } from "./world.ts"

const KEY = "t/0"
const HOUR_MS = 3_600_000
const MAX_DECOMPRESSED = 1_000_000

/** Where a reader is, and under which name. */
interface Reader {
  process: string
  offset: number
}

const TOPIC: Topic = {
  name: "t",
  id: PARTITION.topicId,
  partitions: 1,
  config: { "retention.ms": -1 },
  createdAt: 0,
  version: 1,
}

export class Clients {
  /** Runs of upkeep that made segments. */
  tiered = 0
  readonly history: Operation[] = []
  readonly #world: World
  #time = 0
  #names = 0
  readonly #workers: Worker[]
  readonly #readers = new Map<string, Reader>()

  constructor(world: World) {
    this.#world = world
    this.#workers = [world.start(), world.start(), world.start()]
  }

  /** A process that lives: a client that lost its own goes to another, or a new one is started. */
  worker(): Worker {
    const at = this.#world.random.below(this.#workers.length)
    const found = this.#workers[at]
    if (found !== undefined && !found.process.isKilled) return found
    const started = this.#world.start()
    this.#workers[at] = started
    return started
  }

  fault(value: string): void {
    this.#record("nemesis", this.#tick(), { f: "fault", type: "ok", value })
  }

  /** Appends one batch after another, without sequences: an unknown outcome stays one. */
  async plainWriter(name: string, appends: number): Promise<void> {
    let process = name
    for (let count = 0; count < appends; count += 1) {
      const values = this.#values(name)
      const outcome = await this.#append(process, values, {})
      if (outcome === "info") process = `${name}.${count}`
    }
  }

  /** An idempotent producer: repeats until it knows, under the same sequence. */
  async idempotentWriter(name: string, id: number, appends: number): Promise<void> {
    let sequence = 0
    for (let count = 0; count < appends; count += 1) {
      const values = this.#values(name)
      const call = this.#tick()
      for (let tries = 0; ; tries += 1) {
        const outcome = await this.#send(values, { producer: { id, epoch: 0, sequence } })
        const isKnown = outcome !== undefined && outcome.kind !== "unavailable"
        if (!isKnown && tries < 40) continue
        this.#recordAppend(name, call, values, outcome, tries > 0)
        // Without an end the next sequence cannot be known.
        if (!isKnown) return
        break
      }
      sequence += values.length
    }
  }

  /** Appends only where the log ends as it last saw it. */
  async conditionalWriter(name: string, appends: number): Promise<void> {
    let process = name
    let next = 0
    for (let count = 0; count < appends; count += 1) {
      const values = this.#values(name)
      const call = this.#tick()
      const outcome = await this.#send(values, { matchOffset: next })
      const type = this.#recordAppend(process, call, values, outcome, false)
      if (type === "info") process = `${name}.${count}`
      if (outcome?.kind === "match_failed") next = outcome.nextOffset
      if (outcome?.kind !== "appended") continue
      if (outcome.baseOffset !== next) throw new Error(`appended at ${outcome.baseOffset}, where ${next} was asked for`)
      next = outcome.baseOffset + values.length
    }
  }

  /** Reads on from where it is, in steps of any size. */
  async reader(name: string, fetches: number): Promise<void> {
    const reader = this.#readerOf(name)
    for (let count = 0; count < fetches; count += 1) {
      await this.#fetch(reader, 1 + this.#world.random.below(4_000), {})
    }
  }

  /** After the faults: everything that is there gets to everybody who follows. */
  async catchUp(name: string): Promise<void> {
    const reader = this.#readerOf(name)
    for (;;) {
      const before = reader.offset
      await this.#fetch(reader, 100_000, {})
      if (reader.offset === before) return
    }
  }

  #readerOf(name: string): Reader {
    const reader = this.#readers.get(name) ?? { process: name, offset: 0 }
    this.#readers.set(name, reader)
    return reader
  }

  async deleter(times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      const worker = this.worker()
      const described = await this.#within(worker, async () => worker.log.describe(PARTITION))
      if (described?.kind !== "partition") continue
      const { logStartOffset, highWatermark } = described.state
      const before = logStartOffset + this.#world.random.below(Math.max(1, (highWatermark - logStartOffset) >> 1))
      const call = this.#tick()
      const moved = await this.#within(worker, () => worker.log.moveLogStart(PARTITION, before))
      const type = moved?.kind === "moved" ? "ok" : "info"
      this.#record("deleter", call, { f: "delete", type, key: KEY, offset: before })
    }
  }

  /** Segments are made, merged and removed, by several at once. */
  async upkeep(times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      const worker = this.worker()
      this.#world.jump()
      const options = { until: Number.MAX_SAFE_INTEGER, sweep: count % 3 === 2 }
      const report = await this.#within(worker, () => upkeepPartition(worker.upkeep, TOPIC, 0, options))
      for (const { failure } of report?.failures ?? []) {
        if (failure.kind === "corrupt") throw new Error(JSON.stringify(failure))
      }
      if ((report?.tieredRecords ?? 0) > 0) this.tiered += 1
    }
  }

  async sweeper(times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      const worker = this.worker()
      const placedBefore = worker.deps.clock.now() - HOUR_MS
      await this.#within(worker, () => sweepPlaced(worker.deps, PARTITION, { placedBefore, maxRemovals: 100 }))
    }
  }

  /** Reads everything there is, after the faults. */
  async drain(): Promise<void> {
    for (let offset = 0, first = true; ; first = false) {
      const worker = this.worker()
      const described = await worker.log.describe(PARTITION)
      if (described.kind !== "partition") throw new Error(`not described: ${JSON.stringify(described)}`)
      const { logStartOffset, highWatermark } = described.state
      offset = Math.max(offset, logStartOffset)
      if (!first && offset === highWatermark) return
      const reader = { process: "drain", offset }
      await this.#fetch(reader, 100_000, { drain: true, ...(first && { seek: true }) })
      if (reader.offset === offset && offset < highWatermark) throw new Error(`stuck at ${offset} of ${highWatermark}`)
      offset = reader.offset
    }
  }

  #values(name: string): string[] {
    const { random } = this.#world
    const padding = random.pick([0, 10, 10, 100, 900, 2_000, 5_000])
    const prefix = `${name}-${++this.#names}`
    return Array.from({ length: 1 + random.below(3) }, (_, at) => paddedValue(`${prefix}.${at}`, padding))
  }

  async #append(process: string, values: readonly string[], conditions: Partial<AppendEntry>): Promise<OperationType> {
    const call = this.#tick()
    const outcome = await this.#send(values, conditions)
    return this.#recordAppend(process, call, values, outcome, false)
  }

  /** undefined: the process died. */
  async #send(values: readonly string[], conditions: Partial<AppendEntry>): Promise<AppendOutcome | undefined> {
    const worker = this.worker()
    const records = values.map((value) => ({ timestamp: 1_000, key: null, value: Buffer.from(value) }))
    const { producer } = conditions
    const batch = encodeBatch({ records, ...(producer && { producer }) }, portableCodecs().crc32c)
    const placement = this.#world.random.pick(["cost", "latency"] as const)
    const entry = { batch, recordCount: values.length, maxTimestamp: 1_000, placement, ...conditions }
    const outcomes = await this.#within(worker, () => worker.log.append(PARTITION, [entry]))
    return outcomes?.[0]
  }

  #recordAppend(
    process: string,
    call: number,
    values: readonly string[],
    outcome: AppendOutcome | undefined,
    wasRetried: boolean,
  ): OperationType {
    const value = values.map(nameOf)
    const result = resultOf(outcome, wasRetried)
    this.#record(process, call, { f: "append", key: KEY, value, ...result })
    return result.type
  }

  async #fetch(reader: Reader, maxBytes: number, args: { readonly seek?: true; readonly drain?: true }): Promise<void> {
    const call = this.#tick()
    const worker = this.worker()
    const { offset } = reader
    const outcome = await this.#within(worker, async () => worker.log.read(PARTITION, { offset, maxBytes }))
    if (outcome === undefined || outcome.kind === "unavailable") return
    if (outcome.kind === "below_start") {
      // A reader that the log start sends on is another one.
      reader.offset = outcome.watermarks.logStartOffset
      reader.process = `${reader.process}.${reader.offset}`
      return
    }
    if (outcome.kind !== "batches") throw new Error(`read at ${offset}: ${JSON.stringify(outcome)}`)
    const value: ReadRecord[] = []
    let nextOffset = offset
    for (const batch of outcome.batches) {
      for (const record of await decodeVerifiedBatch(batch.bytes, portableCodecs(), MAX_DECOMPRESSED)) {
        const text = Buffer.from(record.value ?? []).toString()
        if (record.offset >= offset) value.push([record.offset, nameOf(text)])
      }
      nextOffset = batch.baseOffset + batch.recordCount
    }
    const { highWatermark, logStartOffset } = outcome.watermarks
    const result = { f: "fetch", type: "ok", key: KEY, args: { offset, ...args } } as const
    this.#record(reader.process, call, { ...result, value, nextOffset, highWatermark, logStartOffset })
    reader.offset = nextOffset
  }

  async #within<T>(worker: Worker, work: () => Promise<T>): Promise<T | undefined> {
    return Promise.race([work(), worker.process.killed])
  }

  #tick(): number {
    this.#time += 1
    return this.#time
  }

  #record<R extends object>(process: string, call: number, result: R): void {
    const operation = { ...result, process, id: this.history.length, call, return: this.#tick() }
    this.history.push(operation as unknown as Operation)
  }
}

type Result = { readonly type: OperationType; readonly offset?: number }

function resultOf(outcome: AppendOutcome | undefined, wasRetried: boolean): Result {
  switch (outcome?.kind) {
    case "appended":
      return { type: "ok", offset: outcome.baseOffset }
    case "duplicate":
      // Where nobody can say what became of a lost attempt, the producer's position still tells that it landed.
      if (!wasRetried && outcome.baseOffset !== undefined) throw new Error("a duplicate of what was sent once")
      return { type: "ok", ...(outcome.baseOffset !== undefined && { offset: outcome.baseOffset }) }
    case undefined:
      return { type: "info" }
    case "unavailable":
      return { type: outcome.sideEffects === "unknown" || wasRetried ? "info" : "fail" }
    case "match_failed":
    case "fence_failed":
      return { type: "fail" }
    default:
      throw new Error(`an outcome that cannot be: ${JSON.stringify(outcome)}`)
  }
}
