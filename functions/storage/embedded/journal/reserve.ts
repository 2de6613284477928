import { type FileLayer, ifThere, writeFully } from "../files/index.ts"

/**
 * Room on the disk that is kept for the day it is full: making room again, by deleting a topic or moving a log start,
 * has to be written to the journal first.
 */
export class Reserve {
  readonly #layer: FileLayer
  readonly #path: string
  readonly #bytes: number
  #held = false

  constructor(layer: FileLayer, path: string, bytes: number) {
    this.#layer = layer
    this.#path = path
    this.#bytes = bytes
  }

  /** Takes the room, if it is not taken yet. Rejects where there is none. */
  async hold(): Promise<void> {
    if (this.#held || this.#bytes === 0) return
    await this.#remove()
    const file = await this.#layer.open(this.#path, "create")
    try {
      await writeFully(file, [{ position: 0, bytes: new Uint8Array(this.#bytes) }])
      this.#held = true
    } finally {
      await file.close()
      if (!this.#held) await this.#remove()
    }
  }

  /** Gives the room back; answers whether there was any. */
  async release(): Promise<boolean> {
    if (!this.#held) return false
    this.#held = false
    try {
      await this.#remove()
      return true
    } catch {
      return false
    }
  }

  async #remove(): Promise<void> {
    await ifThere(this.#layer.remove(this.#path))
  }
}
