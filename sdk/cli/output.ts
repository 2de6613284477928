import type { OutputStream } from "./io.ts"
import { ReaderLeft } from "./stopped.ts"

/** Writes to a stream as fast as its reader takes it; a reader that left (`| head`) ends the writing without an error. */
export class Output {
  readonly isTerminal: boolean
  readonly #stream: OutputStream
  readonly #closed = new AbortController()
  #drained: Promise<void> | undefined

  constructor(stream: OutputStream) {
    this.#stream = stream
    this.isTerminal = stream.isTTY === true
    // EPIPE and its kin: whatever else is written goes nowhere, and who produces it should stop.
    stream.on("error", () => this.#closed.abort(new ReaderLeft()))
    stream.on("close", () => this.#closed.abort(new ReaderLeft()))
  }

  /** Aborts once nobody reads any more. */
  get closed(): AbortSignal {
    return this.#closed.signal
  }

  /** A promise where the reader is behind: await it before writing more. */
  write(chunk: string | Uint8Array): Promise<void> | undefined {
    if (this.#closed.signal.aborted) return undefined
    if (this.#stream.write(chunk)) return undefined
    this.#drained ??= this.#waitForDrain()
    return this.#drained
  }

  line(text: string): Promise<void> | undefined {
    return this.write(`${text}\n`)
  }

  json(value: unknown): Promise<void> | undefined {
    return this.line(JSON.stringify(value))
  }

  async #waitForDrain(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#stream.off("drain", done)
        this.#closed.signal.removeEventListener("abort", done)
        resolve()
      }
      this.#stream.once("drain", done)
      this.#closed.signal.addEventListener("abort", done)
    })
    this.#drained = undefined
  }
}
