/** The way from processes to their storage: requests overtake each other, get lost, land late, and processes stop. */
import type { Unavailable } from "../../../functions/log/ports.ts"
import type { Random } from "../random.ts"

/** Decides when what has been asked goes on: a fast-check scheduler, so that a run is known by its seed. */
export type GoOn = (what: string) => Promise<void>

export const networkFaults = ["lose_answer", "lose_request", "land_late", "throttle", "pause", "kill"] as const
export type NetworkFault = (typeof networkFaults)[number]

export class Network {
  readonly struck = new Set<NetworkFault>()
  /** From here on nothing fails. */
  calm = false
  readonly goOn: GoOn
  readonly #random: Random
  readonly #rate: number
  readonly #late: (() => unknown)[] = []
  /** Lets the clocks jump: what is paused sleeps through it. */
  readonly #jump: () => void

  /** `rate`: how many of the requests meet a fault, from 0 to 1. */
  constructor(goOn: GoOn, random: Random, rate: number, jump: () => void) {
    this.goOn = goOn
    this.#random = random
    this.#rate = rate
    this.#jump = jump
  }

  async request<T>(process: SimulatedProcess, what: string, work: () => T | Promise<T>): Promise<T | Unavailable> {
    await this.goOn(`${process.name} ${what}`)
    await process.alive()
    if (this.#random.chance(0.05)) this.#late.shift()?.()
    const fault = this.#chooseFault()
    switch (fault) {
      case undefined:
        break
      case "pause":
        await this.#pause(process)
        break
      case "throttle":
        return { ...LOST, reason: "throttled", sideEffects: "none" }
      case "land_late":
        this.#late.push(work)
        return LOST
      case "lose_request":
        return LOST
      case "lose_answer":
        await work()
        return LOST
      case "kill":
        process.kill()
        if (this.#random.chance(0.5)) await work()
        await process.alive()
    }
    const answer = await work()
    await this.goOn(`${process.name} ${what} answers`)
    await process.alive()
    return answer
  }

  /** Everything that is still under way arrives. */
  landAll(): void {
    for (const land of this.#late.splice(0)) land()
  }

  #chooseFault(): NetworkFault | undefined {
    if (this.calm || !this.#random.chance(this.#rate)) return undefined
    const fault = this.#random.pick(networkFaults)
    // Death is rarer than the rest, so that something gets done.
    if (fault === "kill" && this.#random.chance(0.5)) return undefined
    this.struck.add(fault)
    return fault
  }

  async #pause(process: SimulatedProcess): Promise<void> {
    if (this.#random.chance(0.3)) this.#jump()
    for (let turns = 5 + this.#random.below(60); turns > 0 && !this.calm; turns -= 1) {
      await this.goOn(`${process.name} paused`)
    }
    await process.alive()
  }
}

const LOST: Unavailable = {
  kind: "unavailable",
  reason: "storage_failed",
  sideEffects: "unknown",
  detail: "no answer came",
}

export class SimulatedProcess {
  readonly name: string
  readonly killed: Promise<undefined>
  #kill: () => void = () => undefined
  #isKilled = false

  constructor(name: string) {
    this.name = name
    this.killed = new Promise((resolve) => {
      this.#kill = () => resolve(undefined)
    })
  }

  get isKilled(): boolean {
    return this.#isKilled
  }

  kill(): void {
    this.#isKilled = true
    this.#kill()
  }

  /** Never comes back from where the process was killed. */
  alive(): Promise<void> {
    return this.#isKilled ? new Promise(() => undefined) : Promise.resolve()
  }
}

/** The same port, reached over the network. Reads that fail have no effects, so that only writes are unknown. */
export function overNetwork<Port extends object>(
  port: Port,
  reads: readonly (keyof Port)[],
  network: Network,
  process: SimulatedProcess,
): Port {
  return new Proxy(port, {
    get(target, name: string & keyof Port) {
      const method = target[name]
      if (typeof method !== "function") return method
      return async (...args: unknown[]) => {
        const answer = await network.request(process, name, () => method.apply(target, args))
        const failed = answer !== LOST && !isLost(answer)
        return failed || !reads.includes(name) ? answer : { ...LOST, sideEffects: "none" }
      }
    },
  })
}

function isLost(answer: unknown): boolean {
  return answer === LOST
}
