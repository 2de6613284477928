/** One data directory, its clients, and the servers that live and die on it. */
import { watch } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import type { TopicOffsets } from "stratalog/protocol"
import { committer } from "./committers.ts"
import { deleter } from "./deleters.ts"
import { groupMembers } from "./group-members.ts"
import { idempotentWriter } from "./idempotent-writer.ts"
import { journalDirectory, tearTail } from "./journal-damage.ts"
import { type Client, openPhase, type Phase, runUntilOver } from "./phase.ts"
import type { RoundPlan } from "./plan.ts"
import type { Random } from "./random.ts"
import { drain, follower, type KnownEnds, rereader } from "./readers.ts"
import { Recorder } from "./recorder.ts"
import { type ServerProcess, spawnServer } from "./server-process.ts"
import { keylessWriter, manyPartitionsWriter, partitionWriter } from "./writers.ts"

const GROUPED = { topic: "grouped", partitions: 3, config: { "retention.ms": -1 } } as const

/**
 * Records of a compacted topic leave the journal at once; those here have a key each, so that none of them ever goes. The
 * second topic expires by size. The third, of which nothing goes, is consumed by a group.
 */
const TOPICS = [
  { topic: "mixed", partitions: 3, config: { "cleanup.policy": "compact", "segment.ms": 1, "segment.bytes": 20_000 } },
  { topic: "keyless", partitions: 2, config: { "retention.bytes": 5_000 } },
  GROUPED,
] as const

/** Short, so that upkeep is nearly always under way. */
const UPKEEP_INTERVAL = "20ms"

export interface LifeOptions {
  readonly random: Random
  /** Starts the names of its values. */
  readonly name: string
  /** A bug of test/torture/buggy-server.ts in place of the product's own entry. */
  readonly bug?: string | undefined
}

export class Life {
  readonly recorder = new Recorder()
  readonly dataDir: string
  readonly #options: LifeOptions
  readonly #clients: readonly Client[]
  #server: ServerProcess
  #url = ""
  /** How long the last start took, milliseconds: kills in a start are placed by it. */
  #startMs = 500
  #rounds = 0

  static async begin(options: LifeOptions): Promise<Life> {
    const dataDir = await mkdtemp(join(tmpdir(), "stratalog-torture-"))
    const life = new Life(options, dataDir)
    if (!(await life.#serve())) throw new Error(life.recorder.violations.join("\n"))
    const phase = openPhase(life.#url, life.recorder)
    for (const { topic, partitions, config } of TOPICS) {
      const body = JSON.stringify({ partitions, config })
      const headers = { "content-type": "application/json" }
      const answer = await phase.exchange({ method: "PUT", path: `/v1/topics/${topic}`, headers, body })
      if (answer?.status !== 201) throw new Error(`The topic ${topic} could not be created: ${answer?.text}`)
    }
    phase.close()
    life.#expireKeyless()
    return life
  }

  private constructor(options: LifeOptions, dataDir: string) {
    this.#options = options
    this.dataDir = dataDir
    this.#clients = [
      ...makeClients(options.name, options.random),
      ...(this.isUpkept ? makeGroup(options.name, options.random) : []),
    ]
    this.#server = this.#spawn()
  }

  /** Retention may take any of it at any time. */
  #expireKeyless(): void {
    const { topic, partitions } = TOPICS[1]
    for (let partition = 0; partition < partitions; partition++) {
      const key = `${topic}/${partition}`
      const call = this.recorder.now()
      this.recorder.end("retention", call, { f: "delete", type: "info", key, offset: Number.MAX_SAFE_INTEGER })
    }
  }

  /** What a bug does to the journal is to show by itself, without upkeep, or a group, that meets it first. */
  get isUpkept(): boolean {
    return this.#options.bug === undefined
  }

  #spawn(): ServerProcess {
    const { bug } = this.#options
    const own = bug === undefined ? ["--upkeep-interval", UPKEEP_INTERVAL] : ["--bug", bug]
    const args = ["--journal-file-bytes", "65536", ...own]
    const entry = bug === undefined ? {} : { entry: "test/torture/buggy-server.ts" }
    return spawnServer({ dataDir: this.dataDir, args, ...entry })
  }

  /** Waits until the server that was spawned serves; one that does not is a violation. */
  async #serve(): Promise<boolean> {
    const began = performance.now()
    const url = await this.#server.ready
    if (url === undefined) {
      this.recorder.violations.push(`the server does not start on ${this.dataDir}: ${this.#server.output()}`)
      return false
    }
    this.#startMs = performance.now() - began
    this.#url = url
    return true
  }

  /** Clients work, the server dies and comes back, and what is left is read. */
  async round(plan: RoundPlan): Promise<void> {
    await this.#work(plan)
    const random = this.#options.random
    if (plan.tearTail && (await tearTail(this.dataDir, random, `${this.#options.name}.${this.#rounds}`))) {
      this.recorder.fault("torn-tail")
    }
    for (const part of plan.killsInStart) {
      this.#server = this.#spawn()
      await Promise.race([sleep(this.#startMs * part), this.#server.exited])
      await this.#server.kill()
      this.recorder.fault("kill-in-start")
    }
    this.#server = this.#spawn()
    if (!(await this.#serve())) return
    if (plan.secondOpener) await this.#openTwice()
    await this.#settle()
    this.#rounds++
  }

  async #work(plan: RoundPlan): Promise<void> {
    const phase = openPhase(this.#url, this.recorder)
    const server = this.#server
    const due = Promise.withResolvers<string>()
    this.recorder.after(plan.operations, () => due.resolve(plan.end))
    const watcher = watch(journalDirectory(this.dataDir), (event, name) => {
      // Writes are events too; `rename` says that the file was made.
      if (plan.atRoll && event === "rename" && name?.endsWith(".journal")) due.resolve(`${plan.end}-at-roll`)
    })
    void server.exited.then(() => due.resolve("died"))
    const working = Promise.all(this.#clients.map((client) => runUntilOver(client, phase)))
    const fault = await due.promise
    watcher.close()
    if (fault === "died") this.recorder.violations.push(`the server ended by itself: ${server.output()}`)
    else {
      if (plan.delayMs > 0) await sleep(plan.delayMs)
      this.recorder.fault(fault)
    }
    const ended = plan.end === "kill" ? server.kill() : server.stop()
    phase.over = true
    const exit = await ended
    if (plan.end === "stop" && exit.code !== 0) {
      this.recorder.violations.push(`SIGTERM ended the server with ${JSON.stringify(exit)}: ${server.output()}`)
    }
    await working
    phase.close()
  }

  async #openTwice(): Promise<void> {
    // Never the one with a bug: those change the journal before they open it.
    const second = spawnServer({ dataDir: this.dataDir })
    const url = await second.ready
    const { code } = await second.kill()
    if (url !== undefined || code === 0) this.recorder.violations.push("two servers opened one data directory")
    else if (!second.output().includes("in use")) {
      this.recorder.violations.push(
        `a second server ended without saying that the directory is in use: ${second.output()}`,
      )
    }
    this.recorder.fault("second-opener")
  }

  /** No faults any more: open writes end, followers catch up, everything is read. */
  async #settle(): Promise<void> {
    const phase: Phase = openPhase(this.#url, this.recorder)
    const writers = this.#clients.filter((client) => !client.name.includes("follower"))
    await Promise.all(writers.map((client) => client.settle?.(phase)))
    await Promise.all(
      this.#clients.filter((client) => !writers.includes(client)).map((client) => client.settle?.(phase)),
    )
    for (const { topic } of TOPICS) await drain(phase, `drain ${this.#rounds}`, topic)
    await this.#noteUpkeep(phase)
    phase.close()
  }

  /** What upkeep has done to the log that was just read: faults that a run has to have met. */
  async #noteUpkeep(phase: Phase): Promise<void> {
    const objects = await readdir(join(this.dataDir, "objects"), { recursive: true })
    if (objects.some((name) => name.endsWith(".log"))) this.recorder.fault("tiered")
    for (const { topic } of TOPICS) {
      const answer = await phase.exchange({ method: "GET", path: `/v1/topics/${topic}/offsets` })
      // A server with a bug may have an error to tell instead.
      if (answer?.status !== 200) continue
      const { offsets }: TopicOffsets = JSON.parse(answer.text)
      if (offsets.some(({ logStartOffset }) => logStartOffset > 0)) this.recorder.fault(`start-moved-${topic}`)
    }
  }

  async end(keepFiles: boolean): Promise<void> {
    await this.#server.kill()
    if (!keepFiles) await rm(this.dataDir, { recursive: true, force: true })
  }
}

function makeClients(life: string, random: Random): Client[] {
  const ends: KnownEnds = new Map()
  const named = (kind: string) => ({ name: `${life}-${kind}`, random: random.fork(kind) })
  const mixed = { topic: "mixed", partitions: 3, trimmed: true }
  const [zero, one, two] = [0, 1, 2]
  const followers = [TOPICS[0], TOPICS[1]].flatMap(({ topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => {
      const options = { ...named(`follower-${topic}-${partition}`), topic, partitions, ends, trimmed: true }
      return follower(options, partition, partition % 2 === 1)
    }),
  )
  return [
    partitionWriter({ ...named("plain-0"), ...mixed, partition: zero, matching: false }),
    partitionWriter({ ...named("plain-1"), ...mixed, partition: one, matching: false }),
    partitionWriter({ ...named("match-a"), ...mixed, partition: two, matching: true }),
    partitionWriter({ ...named("match-b"), ...mixed, partition: two, matching: true }),
    keylessWriter({ ...named("keyless"), topic: "keyless", partitions: 2 }),
    manyPartitionsWriter({ ...named("many"), ...mixed }),
    idempotentWriter({ ...named("binary-0"), topic: "mixed", partition: zero, binary: true }),
    idempotentWriter({ ...named("binary-1"), topic: "mixed", partition: one, binary: true }),
    idempotentWriter({ ...named("json-2"), topic: "mixed", partition: two, binary: false }),
    rereader({ ...named("reread-a"), ...mixed, ends }),
    rereader({ ...named("reread-b"), ...mixed, ends }),
    committer({ ...named("commit-a"), ...mixed, ends, group: "g" }, zero),
    committer({ ...named("commit-b"), ...mixed, ends, group: "g" }, zero),
    committer({ ...named("commit-c"), ...mixed, ends, group: "h" }, one),
    deleter({ ...named("delete-1"), ...mixed, ends }, one),
    ...followers,
  ]
}

/** A topic that nothing is taken from, and a group that consumes it. */
function makeGroup(life: string, random: Random): Client[] {
  const named = (kind: string) => ({ name: `${life}-${kind}`, random: random.fork(kind) })
  const grouped = { topic: GROUPED.topic, partitions: GROUPED.partitions }
  return [
    keylessWriter({ ...named("grouped-keyless"), ...grouped }),
    partitionWriter({ ...named("grouped-2"), ...grouped, partition: 2, matching: false }),
    ...groupMembers({ ...named("group"), group: "consumers", topics: [GROUPED.topic], seats: 3, sessionMs: 1_000 }),
  ]
}
