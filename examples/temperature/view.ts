/** Keeps the picture of a running consumer on the screen. */
import { type Stratalog, StratalogError } from "stratalog"
import { pause } from "../program/pause.ts"
import { Board } from "./board.ts"
import type { Context } from "./context.ts"
import { picture } from "./picture.ts"
import { type Alert, GROUP, type ReadingRecord, temperatures } from "./readings.ts"
import { processedBefore, startOffsets } from "./resume.ts"
import { alertOf } from "./thresholds.ts"

const DRAW_EVERY_MS = 100

export class View {
  readonly #log: Stratalog
  readonly #context: Context
  readonly #board = new Board()
  #before = 0
  #lag: ReadonlyMap<number, number> = new Map()

  private constructor(log: Stratalog, context: Context) {
    this.#log = log
    this.#context = context
  }

  /** Begins with what the group processed in earlier runs: the log still has it. */
  static async open(log: Stratalog, context: Context): Promise<View> {
    const view = new View(log, context)
    for await (const record of processedBefore(log, await startOffsets(log))) {
      view.#board.add(record, alertOf(record, context.settings))
      view.#before++
    }
    return view
  }

  /** Readings processed in this run. */
  get processedNow(): number {
    return this.#board.readings - this.#before
  }

  processed(record: ReadingRecord, alert: Alert | undefined): void {
    this.#board.add(record, alert)
  }

  /** Draws while the work goes on, and once more when it is done. */
  async during(work: () => Promise<void>): Promise<void> {
    const ended = new AbortController()
    const drawing = this.#drawUntil(ended.signal)
    try {
      await work()
    } finally {
      ended.abort()
      await drawing
    }
    this.#lag = await lagOf(this.#log)
    this.#context.screen.finish([...this.#lines(), "", this.#farewell()])
  }

  async #drawUntil(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      this.#lag = await lagOf(this.#log)
      this.#context.screen.draw([...this.#lines(), "", "Ctrl-C stops"])
      await pause(DRAW_EVERY_MS, ended)
    }
  }

  #lines(): readonly string[] {
    const { service, screen, settings } = this.#context
    const wentOn = this.#before === 0 ? "" : `, ${this.processedNow} of them in this run`
    return [
      `${screen.paint("bold", "Temperatures")} on ${service.place}`,
      `${this.#board.readings} readings processed${wentOn}; alarming: above ${settings.high} °C, below ${settings.low} °C`,
      "",
      ...picture(this.#board, { thresholds: settings, lag: this.#lag, width: screen.width, paint: screen.paint }),
    ]
  }

  #farewell(): string {
    return this.#context.stop.signal.aborted
      ? "Stopped and committed: run it again, and it goes on from here."
      : "All readings are processed; --reset starts over."
  }
}

/** How far the group's committed offset is behind the end of each partition; empty while the server does not answer. */
async function lagOf(log: Stratalog): Promise<ReadonlyMap<number, number>> {
  try {
    const { partitions } = await log.group(GROUP).lag()
    const own = partitions.filter(({ topic }) => topic === temperatures(log).name)
    return new Map(own.flatMap(({ partition, lag }) => (lag === null ? [] : [[partition, lag] as const])))
  } catch (error) {
    if (error instanceof StratalogError) return new Map()
    throw error
  }
}
