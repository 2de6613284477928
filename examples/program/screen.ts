/** Draws lines again and again in the same place of a terminal; elsewhere only the last time. */
import { clearScreenDown, moveCursor } from "node:readline"
import { stripVTControlCharacters, styleText } from "node:util"

export type Paint = (style: "red" | "blue" | "bold" | "dim", text: string) => string

const WIDTH_OF_A_PIPE = 100

export class Screen {
  readonly #out: NodeJS.WriteStream
  #drawn = 0
  #lines: readonly string[] = []
  #note: string | undefined

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  get width(): number {
    return this.#out.columns ?? WIDTH_OF_A_PIPE
  }

  /** Colours only where the terminal has them and NO_COLOR does not say otherwise. */
  readonly paint: Paint = (style, text) => styleText(style, text, { stream: this.#out })

  /** A line that stays, above the picture. */
  print(line: string): void {
    if (!this.#out.isTTY) {
      this.#out.write(`${line}\n`)
      return
    }
    this.#clear()
    this.#out.write(`${line}\n`)
    this.#redraw(this.#lines)
  }

  /** Shows a sentence below the picture, until the next one. */
  note(sentence: string): void {
    if (this.#out.isTTY) this.#note = sentence
    else process.stderr.write(`${sentence}\n`)
  }

  draw(lines: readonly string[]): void {
    if (this.#out.isTTY) this.#redraw(lines)
  }

  /** The picture that stays. */
  finish(lines: readonly string[]): void {
    if (this.#out.isTTY) this.#redraw(lines)
    else this.#out.write(`${lines.join("\n")}\n`)
  }

  #redraw(lines: readonly string[]): void {
    // A line that wraps, or one more than fits, would make the way back up too short.
    const noted = this.#note === undefined ? lines : [...lines, this.#note]
    const fitting = noted.slice(0, (this.#out.rows ?? noted.length + 1) - 1).map((line) => this.#cut(line))
    this.#clear()
    this.#out.write(fitting.map((line) => `${line}\n`).join(""))
    this.#drawn = fitting.length
    this.#lines = lines
  }

  #clear(): void {
    moveCursor(this.#out, 0, -this.#drawn)
    clearScreenDown(this.#out)
    this.#drawn = 0
  }

  #cut(line: string): string {
    const text = stripVTControlCharacters(line)
    return text.length <= this.width ? line : text.slice(0, this.width)
  }
}
