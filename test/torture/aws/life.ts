/** One table and one bucket, their clients, and the servers that live and die on them. */
import { setTimeout as sleep } from "node:timers/promises"
import { createTable } from "../../../functions/storage/aws/dynamodb/table.ts"
import { createBucket } from "../../../functions/storage/aws/s3/bucket.ts"
import { createS3ObjectStore } from "../../../functions/storage/aws/s3/object-store.ts"
import type { Client, Phase } from "../phase.ts"
import { runUntilOver } from "../phase.ts"
import type { Random } from "../random.ts"
import { drain } from "../readers.ts"
import { Recorder } from "../recorder.ts"
import { makeAwsClients, TOPICS } from "./clients.ts"
import { Fleet } from "./fleet.ts"
import { type LossyProxy, startLossyProxy } from "./lossy-proxy.ts"
import { type AwsRoundPlan, SERVERS } from "./plan.ts"
import { fleetPhase } from "./route.ts"
import { clientsOf, environmentOf, type Stores } from "./stores.ts"

/** How long clients wait for an answer: while servers die, and when all is well, milliseconds. */
const PATIENCE_MS = { faults: 3_000, calm: 30_000 }

/** Retention goes by the time that a record names, and some name one that is long past. */
const KEEP_ALL = { "retention.ms": -1 }

/** Upkeep that does nothing for so long is not waited for. */
const TIERING_TRIES = 60
const TIERING_PAUSE_MS = 250

export interface AwsLifeOptions {
  readonly random: Random
  /** Starts the names of its values. */
  readonly name: string
  readonly stores: Stores
  readonly bug?: string | undefined
}

export class AwsLife {
  readonly recorder = new Recorder()
  readonly #options: AwsLifeOptions
  readonly #clients: readonly Client[]
  readonly #proxies: readonly LossyProxy[]
  readonly #fleet: Fleet
  readonly #bucket: string
  #rounds = 0

  static async begin(options: AwsLifeOptions): Promise<AwsLife> {
    const { stores, random, name, bug } = options
    const place = `torture-${name.toLowerCase()}-${process.pid}-${Date.now()}`
    await makeStores(stores, place)
    const recorder = new Recorder()
    const struck = (fault: string) => recorder.fault(fault)
    const proxies = await Promise.all(
      [stores.dynamoDb, stores.s3].map((target) => {
        return startLossyProxy({ target, random: random.fork(`network of ${target}`), struck })
      }),
    )
    const [dynamoDb, s3] = proxies.map(({ endpoint }) => endpoint)
    const env = environmentOf({ dynamoDb: dynamoDb ?? "", s3: s3 ?? "" })
    const args = ["--table", place, "--bucket", place, ...(bug === undefined ? [] : ["--bug", bug])]
    const fleet = new Fleet({ servers: SERVERS, args, env, recorder })
    const life = new AwsLife(options, { recorder, proxies, fleet, bucket: place })
    await fleet.begin()
    await life.#makeTopics()
    return life
  }

  private constructor(
    options: AwsLifeOptions,
    made: {
      readonly recorder: Recorder
      readonly proxies: readonly LossyProxy[]
      readonly fleet: Fleet
      readonly bucket: string
    },
  ) {
    this.#options = options
    this.recorder = made.recorder
    this.#proxies = made.proxies
    this.#fleet = made.fleet
    this.#bucket = made.bucket
    this.#clients = makeAwsClients(options.name, options.random)
  }

  async #makeTopics(): Promise<void> {
    const phase = this.#phase("topics", PATIENCE_MS.calm)
    for (const { topic, partitions } of TOPICS) {
      const headers = { "content-type": "application/json" }
      const body = JSON.stringify({ partitions, config: KEEP_ALL })
      const answer = await phase.exchange({ method: "PUT", path: `/v1/topics/${topic}`, headers, body })
      if (answer?.status !== 201) {
        throw new Error(
          `The topic ${topic} could not be created: ${answer?.text}\n${this.recorder.violations.join("\n")}`,
        )
      }
    }
    phase.close()
  }

  #phase(name: string, patienceMs: number): Phase {
    const random = this.#options.random.fork(`route of ${name} in ${this.#rounds}`)
    return fleetPhase({ urls: () => this.#fleet.urls, random, recorder: this.recorder, patienceMs })
  }

  /** Clients work, servers die and come back, and what is left is read. */
  async round(plan: AwsRoundPlan): Promise<void> {
    await this.#work(plan)
    await this.#untilTiered()
    await this.#settle()
    await this.#fleet.inspect()
    this.#rounds++
  }

  async #work({ faults, lossRate }: AwsRoundPlan): Promise<void> {
    for (const proxy of this.#proxies) proxy.rate = lossRate
    const phases = this.#clients.map(({ name }) => this.#phase(name, PATIENCE_MS.faults))
    const working = Promise.all(this.#clients.map((client, at) => runUntilOver(client, phases[at] as Phase)))
    const striking: Promise<void>[] = []
    for (const fault of faults) {
      await new Promise<void>((ring) => this.recorder.after(fault.operations, ring))
      const struck = this.#fleet.strike(fault)
      striking.push(struck)
      if (!fault.overlaps) await struck
    }
    await Promise.all(striking)
    for (const phase of phases) phase.over = true
    await working
    for (const phase of phases) phase.close()
    for (const proxy of this.#proxies) proxy.rate = 0
    await Promise.all(this.#proxies.map((proxy) => proxy.landed()))
  }

  /** No faults any more: open writes end, followers catch up, everything is read. */
  async #settle(): Promise<void> {
    const phase = this.#phase("settle", PATIENCE_MS.calm)
    const [followers, others] = [true, false].map((wanted) => {
      return this.#clients.filter(({ name }) => name.includes("follower") === wanted)
    })
    // One after another: they share the connections of this phase.
    for (const client of [...(others ?? []), ...(followers ?? [])]) await client.settle?.(phase)
    for (const { topic } of TOPICS) await drain(phase, `drain ${this.#rounds}`, topic)
    phase.close()
  }

  /** The last reading is to find a part of the log in segments. */
  async #untilTiered(): Promise<void> {
    const { s3, destroy } = clientsOf(this.#options.stores)
    const objects = createS3ObjectStore({ client: s3, bucket: this.#bucket })
    for (let tries = 0; tries < TIERING_TRIES; tries++) {
      const page = await objects.list({ prefix: "segments/", limit: 1 })
      if (page.kind === "page" && page.objects.length > 0) {
        this.recorder.fault("tiered")
        break
      }
      await sleep(TIERING_PAUSE_MS)
    }
    destroy()
  }

  async end(): Promise<void> {
    await this.#fleet.end()
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()))
  }
}

async function makeStores(stores: Stores, name: string): Promise<void> {
  const { dynamoDb, s3, destroy } = clientsOf(stores)
  // Longer than its clients' time-outs on a machine that has much else to do; what was made already stays.
  await createTable(dynamoDb.repeating, name).catch(() => createTable(dynamoDb.repeating, name))
  const made = await createBucket(s3, name)
  destroy()
  if (made.kind === "unusable") throw new Error(made.detail)
}
