/** Servers that keep one table and one bucket, each in a process that is killed, stopped, paused and started again. */
import { setTimeout as sleep } from "node:timers/promises"
import type { Recorder } from "../recorder.ts"
import { type ServerProcess, spawnServer } from "../server-process.ts"
import type { FaultPlan } from "./plan.ts"

export interface FleetOptions {
  readonly servers: number
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly recorder: Recorder
}

/** How far the clocks of two servers are apart, milliseconds. */
const SKEW_MS = 2_000

const START_TRIES = 4

interface Slot {
  readonly number: number
  process: ServerProcess
  url: string | undefined
  /** Something is being done to it. */
  busy: boolean
}

export class Fleet {
  readonly #options: FleetOptions
  readonly #slots: Slot[] = []
  /** How long the last start took, milliseconds: kills in a start are placed by it. */
  #startMs = 1_000

  constructor(options: FleetOptions) {
    this.#options = options
  }

  /** Where servers listen at present; a paused one counts, as nobody can see that it is. */
  get urls(): readonly string[] {
    return this.#slots.flatMap(({ url }) => url ?? [])
  }

  async begin(): Promise<void> {
    const { servers } = this.#options
    for (let count = 0; count < servers; count++) {
      this.#slots.push({ number: count, process: this.#spawn(count), url: undefined, busy: false })
    }
    await Promise.all(this.#slots.map((slot) => this.#serve(slot)))
  }

  /** Does to one server, or to the next that serves, what the plan says; resolves when it serves again. */
  async strike(plan: FaultPlan): Promise<void> {
    const inTurn = [...this.#slots.slice(plan.server), ...this.#slots.slice(0, plan.server)]
    const slot = inTurn.find(({ busy, url }) => !busy && url !== undefined)
    if (slot === undefined) return
    slot.busy = true
    if (plan.kind === "pause") await this.#pause(slot, plan.milliseconds)
    else await this.#replace(slot, plan)
    slot.busy = false
  }

  async #pause({ process: { pid } }: Slot, milliseconds: number): Promise<void> {
    process.kill(pid, "SIGSTOP")
    this.#options.recorder.fault("pause")
    await sleep(milliseconds)
    process.kill(pid, "SIGCONT")
  }

  async #replace(slot: Slot, plan: FaultPlan): Promise<void> {
    const { recorder } = this.#options
    recorder.fault(plan.kind)
    slot.url = undefined
    const { process } = slot
    const { code } = plan.kind === "kill" ? await process.kill() : await process.stop()
    if (plan.kind === "stop" && code !== 0) recorder.violations.push(`SIGTERM ended a server with ${code}`)
    this.#listen(process)
    for (const part of plan.killsInStart) {
      const starting = this.#spawn(slot.number)
      await Promise.race([sleep(this.#startMs * part), starting.exited])
      await starting.kill()
      recorder.fault("kill-in-start")
    }
    slot.process = this.#spawn(slot.number)
    await this.#serve(slot)
  }

  /** Each server has a clock of its own. */
  #spawn(server: number): ServerProcess {
    const { args, env } = this.#options
    const skew = `${(server - 1) * SKEW_MS}`
    const entry = "test/torture/aws/server.ts"
    return spawnServer({ dataDir: "none", entry, args: [...args, `--skew=${skew}`], env })
  }

  async #serve(slot: Slot): Promise<void> {
    const began = performance.now()
    slot.url = await slot.process.ready
    // A start asks once whether the storage is there: where the network loses that, it is repeated.
    for (let tries = 1; slot.url === undefined && tries < START_TRIES; tries++) {
      slot.process = this.#spawn(slot.number)
      slot.url = await slot.process.ready
    }
    if (slot.url === undefined) {
      this.#options.recorder.violations.push(`a server does not start: ${slot.process.output()}`)
    }
    this.#startMs = performance.now() - began
  }

  /** What no server may say, whatever its storage does. */
  #listen(server: ServerProcess): void {
    const lines = server.output().split("\n")
    const wrong = lines.filter((line) => line.includes('"event":"defect"') || line.includes('"kind":"corrupt"'))
    this.#options.recorder.violations.push(...wrong.map((line) => `a server said: ${line.slice(0, 2_000)}`))
  }

  /** Between rounds, with nobody busy: complains of servers that ended by themselves. */
  async inspect(): Promise<void> {
    for (const slot of this.#slots) {
      this.#listen(slot.process)
      const ended = await Promise.race([slot.process.exited, undefined])
      if (ended === undefined) continue
      this.#options.recorder.violations.push(`a server ended by itself: ${slot.process.output().slice(-2_000)}`)
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#slots.map(({ process }) => process.kill()))
  }
}
