import { type Crc32c, encodeBatch, portableCrc32c, readBatchHeader } from "stratalog/record-batch"
import type { ProducerState } from "../../functions/log/append/decide.ts"
import type { AppendEntry, ProducerSequence } from "../../functions/log/ports.ts"
import type { FileLayer } from "../../functions/storage/embedded/files/index.ts"
import {
  type JournalEvent,
  type JournalLog,
  openJournal,
  type ProducerSpill,
} from "../../functions/storage/embedded/journal/index.ts"
import { type Attempt, PartitionHistory, Violation } from "./journal-history.ts"
import { Random } from "./random.ts"
import { PowerLostError, SimulatedDisk, type SimulatedDiskOptions } from "./simulated-disk.ts"

export interface RunOptions {
  readonly seed: number
  readonly skipSync?: SimulatedDiskOptions["skipSync"]
  /** Chance that the disk runs full, or fails, for a while. */
  readonly faults?: { readonly full: number; readonly failing: number }
  /** Puts a mistake between the journal and the disk. */
  readonly wrap?: (layer: FileLayer) => FileLayer
  readonly crc32c?: Crc32c
}

export interface RunReport {
  /** Equal for two runs of the same seed. */
  readonly digest: number
  readonly acknowledged: number
  readonly unavailable: number
  readonly crashes: number
  readonly events: Readonly<Record<JournalEvent["kind"], number>>
  readonly truncatedBytes: number
}

const LIVES = 4
const CLIENTS = 5
const TOPICS = 2

/** One client: appends with a producer id, or without, and retries what it got no answer to. */
interface Client {
  readonly producerId: number | undefined
  /** By partition: the next sequence, and the attempt whose answer is missing. */
  readonly sequences: Map<PartitionHistory, { next: number; open: Attempt | undefined }>
}

/**
 * Runs clients against a journal on a disk that loses power, several times over, and checks after each start that what
 * was promised is there. Throws a Violation otherwise.
 */
export async function runJournal(options: RunOptions): Promise<RunReport> {
  const run = new Run(options)
  for (let life = 0; life < LIVES; life++) await run.live()
  await run.finish()
  return run.report()
}

class Run {
  readonly #options: RunOptions
  readonly #random: Random
  readonly #disk: SimulatedDisk
  readonly #crc32c: Crc32c
  readonly #clients: Client[]
  #histories: PartitionHistory[] = []
  readonly #spilled = new Map<string, ProducerState>()
  #trouble: "none" | "full" | "failing" = "none"
  #troubleLeft = 0
  /** No faults while the journal is opened and checked. */
  #calm = true
  #serial = 0
  #digest = 0
  #crashes = 0
  #acknowledged = 0
  #unavailable = 0
  #truncatedBytes = 0
  #unexpected: unknown
  readonly #events = { flush: 0, roll: 0, reclaimed: 0, recovered: 0, failure: 0, refused: 0 }

  constructor(options: RunOptions) {
    this.#options = options
    this.#random = new Random(options.seed)
    this.#crc32c = options.crc32c ?? portableCrc32c
    this.#disk = new SimulatedDisk({
      random: this.#random,
      fault: (operation) => this.#fault(operation),
      ...(options.skipSync === undefined ? {} : { skipSync: options.skipSync }),
    })
    this.#clients = Array.from({ length: CLIENTS }, (_, index) => ({
      producerId: index < 3 ? 100 + index : undefined,
      sequences: new Map(),
    }))
  }

  report(): RunReport {
    return {
      digest: this.#digest,
      acknowledged: this.#acknowledged,
      unavailable: this.#unavailable,
      crashes: this.#crashes,
      events: this.#events,
      truncatedBytes: this.#truncatedBytes,
    }
  }

  /** Opens, checks, works until the power goes or the work is done, and goes down. */
  async live(): Promise<void> {
    const log = await this.#openUndisturbed()
    this.#calm = false
    this.#disk.dieAfter(20 + this.#random.below(250))
    await this.#guarded(() => this.#createTopics(log))
    await Promise.all(this.#clients.map((client) => this.#work(log, client)))
    this.#calm = true
    this.#crashes++
    if (!this.#disk.dead && this.#random.chance(0.3)) await this.#guarded(() => log.close())
    this.#disk.dieAfter(0)
    await settled()
    this.#disk.restart()
    if (this.#random.chance(0.7)) this.#disk.losePower()
  }

  async finish(): Promise<void> {
    const log = await this.#openUndisturbed()
    await this.#createTopics(log)
    for (const history of this.#histories.filter(({ deleted }) => deleted === "no")) {
      for (const client of this.#clients) await this.#append(log, client, history)
      await history.verify(log, 4096)
    }
    await log.close()
    if (this.#unexpected !== undefined) throw new Violation(`failed without a fault: ${String(this.#unexpected)}`)
  }

  /** The start itself may be cut by a power loss, and the one after that. */
  async #openUndisturbed(): Promise<JournalLog> {
    for (let tries = this.#random.below(3); tries > 0; tries--) {
      this.#disk.dieAfter(this.#random.pick([this.#random.below(30), 1000]))
      const opened = await this.#guarded(() => this.#open())
      if (opened !== undefined && !this.#disk.dead) await this.#guarded(() => this.#verify(opened))
      this.#disk.dieAfter(0)
      await settled()
      this.#disk.restart()
      if (this.#random.chance(0.5)) this.#disk.losePower()
    }
    const log = await this.#open()
    await this.#verify(log)
    return log
  }

  #open(): Promise<JournalLog> {
    const layer = this.#disk.layer()
    return openJournal({
      directory: "/data/log",
      files: this.#options.wrap?.(layer) ?? layer,
      crc32c: this.#crc32c,
      fileBytes: 6 * 1024,
      cacheBytes: this.#random.pick([0, 2048, 1024 * 1024]),
      layAheadBytes: this.#random.pick([0, 1024, 4096]),
      reserveBytes: 1024,
      rememberedProducers: 2,
      spill: { exists: () => true, open: () => this.#spill() },
      nonce: () => this.#random.below(2 ** 32),
      now: () => 0,
      onEvent: (event) => {
        this.#events[event.kind]++
        this.#note(event.kind.length)
        if (event.kind === "failure" && this.#options.faults === undefined) {
          if (!(event.error instanceof PowerLostError)) this.#unexpected ??= event.error
        }
        if (event.kind === "recovered") this.#truncatedBytes += event.truncatedBytes
      },
    })
  }

  async #verify(log: JournalLog): Promise<void> {
    for (const history of this.#histories) await history.verify(log, this.#random.pick([1, 700, 4096]))
    this.#histories = this.#histories.filter(({ deleted }) => deleted !== "yes")
  }

  async #createTopics(log: JournalLog): Promise<void> {
    const living = new Set(this.#histories.filter(({ deleted }) => deleted === "no").map(({ ref }) => ref.topicId))
    for (let missing = TOPICS - living.size; missing > 0; missing--) {
      const topicId = `00000000-0000-4000-8000-${String(this.#serial++).padStart(12, "0")}`
      const done = await log.createPartitions(topicId, 2)
      if (this.#disk.dead || done.kind !== "done") continue
      for (const partition of [0, 1]) this.#histories.push(new PartitionHistory({ topicId, partition }))
    }
  }

  async #work(log: JournalLog, client: Client): Promise<void> {
    for (let steps = 5 + this.#random.below(40); steps > 0 && !this.#disk.dead; steps--) {
      const histories = this.#histories.filter(({ deleted }) => deleted === "no")
      if (histories.length === 0) return
      const history = this.#random.pick(histories)
      const dice = this.#random.below(100)
      if (dice < 75) await this.#append(log, client, history)
      else if (dice < 85) await this.#read(log, history)
      else if (dice < 91) await this.#moveLogStart(log, history)
      else if (dice < 97) await this.#setFence(log, history)
      else if (dice < 98) await this.#deleteTopic(log, history)
      else await this.#appendOnce(log, history)
      this.#note(dice)
    }
  }

  async #append(log: JournalLog, client: Client, history: PartitionHistory): Promise<void> {
    const state = client.sequences.get(history) ?? { next: 0, open: undefined }
    client.sequences.set(history, state)
    const producer =
      client.producerId === undefined ? undefined : { id: client.producerId, epoch: 0, sequence: state.next }
    const attempt = (producer === undefined ? undefined : state.open) ?? this.#attempt(history, producer)
    state.open = attempt
    await this.#send(log, history, [attempt])
    if (attempt.state !== "acknowledged") return
    state.next += attempt.entry.recordCount
    state.open = undefined
  }

  /** A producer that comes once: there are always more of them than the memory holds. Two batches in one call. */
  async #appendOnce(log: JournalLog, history: PartitionHistory): Promise<void> {
    const id = 1000 + this.#serial
    const first = this.#attempt(history, { id, epoch: 0, sequence: 0 })
    const second = this.#attempt(history, { id, epoch: 0, sequence: first.entry.recordCount })
    await this.#send(log, history, [first, second])
  }

  async #send(log: JournalLog, history: PartitionHistory, attempts: readonly Attempt[]): Promise<void> {
    const entries = attempts.map(({ entry }) => ({ ...entry, batch: entry.batch.slice() }))
    const outcomes = await log.append(history.ref, entries)
    if (this.#disk.dead) return
    for (const [index, outcome] of outcomes.entries()) {
      const attempt = attempts[index]
      if (outcome.kind === "unknown_partition" && history.deleted !== "no") return
      if (outcome.kind === "unknown_partition") throw new Violation("lost partition while running")
      if (outcome.kind === "unavailable") {
        this.#unavailable++
        // What was just called a failure must stay one if the power goes now.
        if (this.#random.chance(0.3)) this.#disk.dieAfter(this.#random.below(3))
      }
      if (attempt === undefined) continue
      // The second batch of a call whose first failed waits for it: that is no loss.
      if (index > 0 && outcome.kind === "sequence_gap") continue
      history.answered(attempt, outcome)
      if (attempt.state === "acknowledged") this.#acknowledged++
    }
  }

  #attempt(history: PartitionHistory, producer: ProducerSequence | undefined): Attempt {
    const count = 1 + this.#random.below(3)
    const size = this.#random.pick([10, 60, 200, 900, 1400, 17_000 * Number(this.#random.chance(0.05))])
    const records = Array.from({ length: count }, (_, index) => ({
      timestamp: 1000 + this.#serial,
      key: Buffer.from(`${this.#options.seed}/${this.#serial}/${index}`),
      value: Buffer.alloc(size, this.#serial),
    }))
    this.#serial++
    const batch = encodeBatch(producer === undefined ? { records } : { records, producer }, this.#crc32c)
    const base = { batch, recordCount: count, maxTimestamp: 1000 + this.#serial - 1 }
    const entry: AppendEntry = producer === undefined ? base : { ...base, producer }
    const crc = readBatchHeader(batch).crc
    const attempt: Attempt = { entry, crc, state: "open", baseOffset: undefined }
    history.attempts.set(crc, attempt)
    return attempt
  }

  async #read(log: JournalLog, history: PartitionHistory): Promise<void> {
    const { acknowledged } = history.logStart
    const end = history.highWatermark
    if (end <= acknowledged) return
    const offset = acknowledged + this.#random.below(end - acknowledged)
    const outcome = await log.read(history.ref, { offset, maxBytes: this.#random.pick([1, 2000]) })
    if (this.#disk.dead || history.deleted !== "no") return
    if (outcome.kind === "batches") {
      if (outcome.batches.length === 0) throw new Violation(`empty answer at ${offset} below ${end}`)
      for (const batch of outcome.batches) history.saw(batch)
    } else if (outcome.kind === "below_start") {
      if (offset >= history.logStart.asked) throw new Violation(`below start at ${offset}`)
    } else if (outcome.kind !== "unavailable")
      throw new Violation(`unreadable at ${offset}: ${JSON.stringify(outcome)}`)
  }

  async #moveLogStart(log: JournalLog, history: PartitionHistory): Promise<void> {
    const before = this.#random.below(history.highWatermark + 1)
    history.logStart.asked = Math.max(history.logStart.asked, before)
    const outcome = await log.moveLogStart(history.ref, before)
    if (this.#disk.dead || outcome.kind !== "moved") return
    history.logStart.acknowledged = Math.max(history.logStart.acknowledged, outcome.logStartOffset)
  }

  async #setFence(log: JournalLog, history: PartitionHistory): Promise<void> {
    // Only one asks at a time, so that what may be set is known.
    if (history.fences.length > 1) return
    const [expected] = history.fences
    const next = this.#random.chance(0.3) ? undefined : `token-${this.#serial++}`
    history.fences = [expected, next]
    const outcome = await log.setFence(history.ref, expected, next)
    if (this.#disk.dead) return
    if (outcome.kind === "set") history.fences = [next]
    else if (outcome.kind === "unavailable" && outcome.sideEffects === "none") history.fences = [expected]
    else if (outcome.kind === "fence_failed") throw new Violation(`fence: ${JSON.stringify(outcome)}`)
  }

  async #deleteTopic(log: JournalLog, { ref }: PartitionHistory): Promise<void> {
    const all = this.#histories.filter((history) => history.ref.topicId === ref.topicId)
    for (const history of all) history.deleted = "asked"
    const outcome = await log.deletePartitions(ref.topicId)
    if (this.#disk.dead || outcome.kind !== "done") return
    for (const history of all) history.deleted = "yes"
    this.#histories = this.#histories.filter((history) => !all.includes(history))
  }

  /** The journal hears errors while the process dies; what the clients hear then, nobody does. */
  async #guarded<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!this.#disk.dead) throw error
      return undefined
    }
  }

  #fault(operation: string): ReturnType<NonNullable<SimulatedDiskOptions["fault"]>> {
    this.#note(operation.length)
    const { faults } = this.#options
    if (faults === undefined || this.#calm) return undefined
    if (this.#troubleLeft-- <= 0) {
      this.#trouble = this.#random.chance(faults.full)
        ? "full"
        : this.#random.chance(faults.failing)
          ? "failing"
          : "none"
      this.#troubleLeft = this.#trouble === "none" ? 0 : 1 + this.#random.below(12)
    }
    const takesRoom = operation === "write" || operation === "create"
    if (this.#trouble === "full" && takesRoom) return { code: "ENOSPC", short: this.#random.chance(0.5) }
    const mayFail = operation === "sync" || operation === "write" || operation === "truncate"
    if (this.#trouble === "failing" && mayFail && this.#random.chance(0.5)) return { code: "EIO", short: false }
    return undefined
  }

  #spill(): ProducerSpill {
    const key = (topicId: string, partition: number, id: number): string => `${topicId}/${partition}/${id}`
    return {
      save: (producers) => {
        if (this.#disk.dead) throw new PowerLostError("the power is off")
        for (const { topicId, partition, id, state } of producers) {
          this.#spilled.set(key(topicId, partition, id), state)
        }
      },
      load: (topicId, partition, id) => this.#spilled.get(key(topicId, partition, id)),
      partitions: () => {
        return [...this.#spilled.keys()].map((name) => {
          const [topicId = "", partition] = name.split("/")
          return { topicId, partition: Number(partition) }
        })
      },
      forgetTopic: (topicId) => {
        if (this.#disk.dead) return
        for (const name of [...this.#spilled.keys()]) if (name.startsWith(topicId)) this.#spilled.delete(name)
      },
      close: () => undefined,
    }
  }

  #note(value: number): void {
    this.#digest = (Math.imul(this.#digest, 31) + value) >>> 0
  }
}

/** Lets everything that a dead process still had under way run into its end. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
}
