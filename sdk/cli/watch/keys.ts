import type { InputStream } from "../io.ts"

/** Keys as they are pressed, without Enter; none where stdin is no terminal. */
export class Keys implements Disposable {
  readonly #stdin: InputStream | undefined
  readonly #onData: (chunk: Buffer) => void

  constructor(stdin: InputStream, onKey: (key: string) => void) {
    this.#onData = (chunk) => {
      const text = chunk.toString()
      // Arrows and the like: none of them means anything here.
      if (!text.startsWith("\u001b")) for (const key of text) onKey(key)
    }
    if (stdin.isTTY !== true) return
    this.#stdin = stdin
    stdin.setRawMode?.(true)
    stdin.on("data", this.#onData)
  }

  [Symbol.dispose](): void {
    this.#stdin?.off("data", this.#onData)
    this.#stdin?.pause()
    this.#stdin?.setRawMode?.(false)
  }
}
