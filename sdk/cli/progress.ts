import { type ProgressState, progressLine } from "./format/progress-line.ts"
import { quantitiesFor } from "./format/quantities.ts"
import type { Session } from "./session.ts"

const DRAW_EVERY_MS = 100
const DEFAULT_COLUMNS = 80
const CLEAR_LINE = "\r\u001b[K"

/** A line on stderr that is drawn again and again, for a person who waits; nothing at all where stderr is no terminal. */
export class Progress implements Disposable {
  readonly #session: Session
  readonly #work: Pick<ProgressState, "total" | "unit">
  readonly #visible: boolean
  readonly #start: number
  #drawnAt = Number.NEGATIVE_INFINITY
  #isDrawn = false

  constructor(session: Session, work: Pick<ProgressState, "total" | "unit">) {
    this.#session = session
    this.#work = work
    this.#visible = session.notices.isTerminal && !session.json && session.env["TERM"] !== "dumb"
    this.#start = session.io.now()
  }

  update(done: number): void {
    const now = this.#session.io.now()
    if (!this.#visible || now - this.#drawnAt < DRAW_EVERY_MS) return
    const state = { ...this.#work, done, elapsedMs: now - this.#start }
    const columns = this.#session.io.stderr.columns ?? DEFAULT_COLUMNS
    void this.#session.notices.write(CLEAR_LINE + progressLine(state, quantitiesFor(true), columns))
    this.#drawnAt = now
    this.#isDrawn = true
  }

  /** Takes the line away, so that something else can be written; the next update draws it again. */
  clear(): void {
    if (!this.#isDrawn) return
    void this.#session.notices.write(CLEAR_LINE)
    this.#isDrawn = false
    this.#drawnAt = Number.NEGATIVE_INFINITY
  }

  [Symbol.dispose](): void {
    this.clear()
  }
}
