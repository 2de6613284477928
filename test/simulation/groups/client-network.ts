/** The way from members to the service: requests and answers get lost, come late and come twice. */

import type { GoOn, SimulatedProcess } from "../append-protocol/network.ts"
import type { Random } from "../random.ts"

export const requestFaults = ["request lost", "answer lost", "request late", "request doubled"] as const
export type RequestFault = (typeof requestFaults)[number]

export interface ClientNetworkOptions {
  readonly goOn: GoOn
  readonly random: Random
  /** How many of the requests meet a fault, from 0 to 1. */
  readonly rate: number
}

/** How long a late request is under way, turns of the scheduler. */
const LATE_TURNS = 400

export class ClientNetwork {
  readonly struck = new Set<RequestFault>()
  /** From here on nothing fails. */
  calm = false
  readonly #options: ClientNetworkOptions
  /** What the service still works at though nobody waits for it. */
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(options: ClientNetworkOptions) {
    this.#options = options
  }

  /** undefined: no answer came, and none will. */
  async ask<T>(process: SimulatedProcess, what: string, work: () => Promise<T>): Promise<T | undefined> {
    const { goOn, random } = this.#options
    await goOn(`${what} to ${process.name}`)
    const run = () => Promise.race([work(), process.killed])
    const answer = await this.#send(random, run)
    await goOn(`${what} from ${process.name}`)
    return answer
  }

  async #send<T>(random: Random, run: () => Promise<T | undefined>): Promise<T | undefined> {
    switch (this.#chooseFault()) {
      case undefined:
        return run()
      case "request lost":
        return undefined
      case "answer lost":
        // Its sender may give up and go on long before it is through.
        if (random.chance(0.5)) await run()
        else this.#behind(run())
        return undefined
      case "request late":
        this.#behind(this.#later(random.below(LATE_TURNS), run))
        return undefined
      case "request doubled":
        this.#behind(this.#later(random.below(LATE_TURNS), run))
        return run()
    }
  }

  async #later<T>(turns: number, run: () => Promise<T>): Promise<T> {
    for (let left = turns; left > 0 && !this.calm; left -= 1) await this.#options.goOn("late")
    return run()
  }

  #behind(work: Promise<unknown>): void {
    this.#underWay.add(work)
    void work.finally(() => this.#underWay.delete(work))
  }

  /** Everything that is still under way arrives and is done. */
  async landAll(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  #chooseFault(): RequestFault | undefined {
    const { random, rate } = this.#options
    if (this.calm || !random.chance(rate)) return undefined
    const fault = random.pick(requestFaults)
    this.struck.add(fault)
    return fault
  }
}
