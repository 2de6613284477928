/** Clients of one deployment, with a network in front of it and another behind it that lose what they like, and functions that die. */
import { localAws } from "../../../tools/localstack/aws.ts"
import { complaintsIn, functionLog } from "../../../tools/localstack/function-logs.ts"
import { type DeployedFunction, functionsOf, isUpkeep, setVariables } from "../../../tools/localstack/functions.ts"
import { putRule, type Rule, removeTargets, rulesOf } from "../../../tools/localstack/rules.ts"
import { type LossyProxy, startLossyProxy } from "../aws/lossy-proxy.ts"
import { type Client, type Phase, runUntilOver } from "../phase.ts"
import type { Random } from "../random.ts"
import { drain } from "../readers.ts"
import { Recorder } from "../recorder.ts"
import { deployedTopics, makeDeployedClients } from "./clients.ts"
import { environmentsOf } from "./environments.ts"
import type { DeployedRoundPlan } from "./plan.ts"
import { deployedPhase } from "./route.ts"
import { tormentUpkeep } from "./upkeep.ts"

/** How long clients wait for an answer: while functions die, and when all is well, milliseconds. A function starts in one second. */
const PATIENCE_MS = { faults: 5_000, calm: 60_000 }

/** Nothing expires; what the upkeep takes is small. */
const CONFIG = { "retention.ms": -1, "segment.ms": 60_000, "segment.bytes": 32 * 1024 }

/**
 * The clocks of the functions that write are so far behind that of upkeep: it moves nothing younger than a quarter of an
 * hour, for which no test waits. That age is there to keep it from appends that are under way, so it runs when there are
 * none: no rule and no nudge calls it.
 */
const BEHIND_MS = 20 * 60_000
const CLOCK_BEHIND = `--import=data:text/javascript,{const{now}=Date;Date.now=()=>now()-${BEHIND_MS}}`

export interface DeployedLifeOptions {
  /** Of the API. */
  readonly url: string
  /** The LocalStack on this machine where it is deployed. */
  readonly localStack: string
  readonly table: string
  readonly bucket: string
  readonly random: Random
  /** Starts the names of its topics and values. */
  readonly name: string
}

export class DeployedLife {
  readonly recorder: Recorder
  readonly #options: DeployedLifeOptions
  readonly #clients: readonly Client[]
  readonly #front: LossyProxy
  readonly #behind: LossyProxy
  readonly #functions: readonly DeployedFunction[]
  readonly #rules: readonly Rule[]
  #rounds = 0

  static async begin(options: DeployedLifeOptions): Promise<DeployedLife> {
    const { url, localStack, table, random } = options
    const functions = await functionsOf(localAws(localStack), table)
    if (functions.length === 0) throw new Error(`No function of ${localStack} serves the table ${table}.`)
    const rules = (await Promise.all(functions.map(({ name }) => rulesOf(localAws(localStack), name)))).flat()
    const recorder = new Recorder()
    const front = await startLossyProxy({
      target: new URL(url).origin,
      random: random.fork("network in front"),
      struck: (fault) => recorder.fault(`client-${fault}`),
    })
    const behind = await startLossyProxy({
      target: localStack,
      random: random.fork("network behind"),
      struck: (fault) => recorder.fault(fault),
    })
    const life = new DeployedLife(options, { recorder, front, behind, functions, rules })
    await life.#pointFunctions(behind.endpoint)
    await life.#makeTopics()
    return life
  }

  private constructor(
    options: DeployedLifeOptions,
    made: {
      readonly recorder: Recorder
      readonly front: LossyProxy
      readonly behind: LossyProxy
      readonly functions: readonly DeployedFunction[]
      readonly rules: readonly Rule[]
    },
  ) {
    this.#options = options
    this.recorder = made.recorder
    this.#front = made.front
    this.#behind = made.behind
    this.#functions = made.functions
    this.#rules = made.rules
    this.#clients = makeDeployedClients(options.name, options.random)
  }

  async #pointFunctions(storage: string): Promise<void> {
    const aws = localAws(this.#options.localStack)
    const there = { AWS_ENDPOINT_URL_DYNAMODB: storage, AWS_ENDPOINT_URL_S3: storage, STRATALOG_NUDGES_TOPIC: "" }
    for (const rule of this.#rules) await removeTargets(aws, rule)
    for (const each of this.#functions) {
      await setVariables(aws, each, isUpkeep(each) ? there : { ...there, NODE_OPTIONS: CLOCK_BEHIND })
    }
  }

  async #makeTopics(): Promise<void> {
    const phase = this.#phase(PATIENCE_MS.calm)
    for (const { topic, partitions } of Object.values(deployedTopics(this.#options.name))) {
      const headers = { "content-type": "application/json" }
      const body = JSON.stringify({ partitions, config: CONFIG })
      const answer = await phase.exchange({ method: "PUT", path: `/v1/topics/${topic}`, headers, body })
      if (answer?.status !== 201) throw new Error(`The topic ${topic} could not be created: ${answer?.text}`)
    }
    phase.close()
  }

  #phase(patienceMs: number): Phase {
    const { pathname } = new URL(this.#options.url)
    return deployedPhase({ url: `${this.#front.endpoint}${pathname}`, recorder: this.recorder, patienceMs })
  }

  /** Clients work, functions die, upkeep dies, and what is left is read. */
  async round(plan: DeployedRoundPlan): Promise<void> {
    await this.#work(plan)
    const calm = this.#phase(PATIENCE_MS.calm)
    const isFollower = ({ name }: Client) => name.includes("follower")
    // One after another: they share the connections of this phase.
    for (const client of this.#clients.filter((each) => !isFollower(each))) await client.settle?.(calm)
    await this.#tormentUpkeep()
    for (const client of this.#clients.filter(isFollower)) await client.settle?.(calm)
    for (const { topic } of Object.values(deployedTopics(this.#options.name))) {
      await drain(calm, `drain ${this.#rounds}`, topic)
    }
    calm.close()
    this.#rounds++
  }

  async #work({ faults, clientLossRate, storageLossRate }: DeployedRoundPlan): Promise<void> {
    const { localStack } = this.#options
    const serving = this.#functions.filter((each) => !isUpkeep(each)).map(({ name }) => name)
    const environments = environmentsOf(localStack, serving, this.recorder)
    this.#front.rate = clientLossRate
    this.#behind.rate = storageLossRate
    const phases = this.#clients.map(() => this.#phase(PATIENCE_MS.faults))
    const working = Promise.all(this.#clients.map((client, at) => runUntilOver(client, phases[at] as Phase)))
    const striking: Promise<void>[] = []
    for (const fault of faults) {
      await new Promise<void>((ring) => this.recorder.after(fault.operations, ring))
      striking.push(environments.strike(fault))
    }
    await Promise.all(striking)
    for (const phase of phases) phase.over = true
    await working
    for (const phase of phases) phase.close()
    for (const proxy of [this.#front, this.#behind]) {
      proxy.rate = 0
      await proxy.landed()
    }
  }

  async #tormentUpkeep(): Promise<void> {
    const { localStack, bucket, random } = this.#options
    const functionName = this.#functions.find(isUpkeep)?.name
    if (functionName === undefined) throw new Error("No function keeps up the log.")
    const upkeepRandom = random.fork(`upkeep ${this.#rounds}`)
    await tormentUpkeep({
      aws: localAws(localStack),
      functionName,
      bucket,
      random: upkeepRandom,
      recorder: this.recorder,
    })
  }

  async end(): Promise<void> {
    const aws = localAws(this.#options.localStack)
    for (const each of this.#functions) {
      await setVariables(aws, each, {})
      const complaints = complaintsIn(await functionLog(aws, each.name))
      this.recorder.violations.push(...complaints.map((line) => `${each.name} said: ${line.slice(0, 2_000)}`))
    }
    for (const rule of this.#rules) await putRule(aws, rule)
    await Promise.all([this.#front.stop(), this.#behind.stop()])
  }
}
