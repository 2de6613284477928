/** The whole terminal as long as something is watched; as it was before, however the command ends. */
import { lengthOf } from "../format/cut.ts"
import type { Session } from "../session.ts"
import type { Size } from "./lay-out.ts"

const DEFAULT_SIZE: Size = { columns: 80, rows: 24 }

/** The other screen, without its cursor, lines cut at its edge. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l"
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l"
const HOME = "\u001b[H"
const CLEAR = "\u001b[2J"
const CLEAR_TO_END_OF_LINE = "\u001b[K"
const CLEAR_BELOW = "\u001b[J"
/** Terminals that know these show nothing of what lies between before it is complete; others do not mind. */
const BEGIN = "\u001b[?2026h"
const END = "\u001b[?2026l"

export class Screen implements Disposable {
  readonly #session: Session
  readonly #onResize: () => void
  readonly #forget: () => void
  #shown = ""
  #isBehind = false
  #isOpen = true

  /** `onResize`: everything is to be drawn anew. */
  constructor(session: Session, onResize: () => void) {
    const { io, out } = session
    this.#session = session
    this.#onResize = () => {
      this.#shown = ""
      void out.write(CLEAR)
      onResize()
    }
    io.stdout.on("resize", this.#onResize)
    this.#forget = io.atExit?.(() => this.#leave()) ?? (() => undefined)
    void out.write(ENTER + HOME + CLEAR)
  }

  get size(): Size {
    const { columns = 0, rows = 0 } = this.#session.io.stdout
    return { columns: columns || DEFAULT_SIZE.columns, rows: rows || DEFAULT_SIZE.rows }
  }

  /** Nothing is written where nothing changed; a terminal that is behind gets the next picture instead. */
  draw(lines: readonly string[]): void {
    const { columns } = this.size
    // At the edge the cursor stays on the last character, which would be cleared.
    const cleared = (line: string) => (lengthOf(line) < columns ? line + CLEAR_TO_END_OF_LINE : line)
    const text = lines.map(cleared).join("\r\n")
    if (text === this.#shown || this.#isBehind || !this.#isOpen) return
    this.#shown = text
    const written = this.#session.out.write(BEGIN + HOME + text + CLEAR_BELOW + END)
    if (written === undefined) return
    this.#isBehind = true
    void written.then(() => {
      this.#isBehind = false
    })
  }

  [Symbol.dispose](): void {
    this.#forget()
    this.#leave()
    this.#session.io.stdout.off("resize", this.#onResize)
  }

  #leave(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    void this.#session.out.write(LEAVE)
  }
}
