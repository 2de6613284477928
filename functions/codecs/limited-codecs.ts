/** Codecs that decompress only so many large pieces at a time: each may take all the memory that it is allowed until it is done. */
import type { BatchCodecs, Codec } from "stratalog/record-batch"

/** Smaller ones are decompressed before anything else runs, one after the other. */
const SMALL = 16 * 1024

export function limitedCodecs(codecs: BatchCodecs, atOnce: number): BatchCodecs {
  const slots = new Slots(atOnce)
  const { gzip, snappy, lz4, zstd } = codecs
  return {
    ...codecs,
    ...(gzip && { gzip: limited(gzip, slots) }),
    ...(snappy && { snappy: limited(snappy, slots) }),
    ...(lz4 && { lz4: limited(lz4, slots) }),
    ...(zstd && { zstd: limited(zstd, slots) }),
  }
}

function limited(codec: Codec, slots: Slots): Codec {
  return {
    ...codec,
    decompress: (bytes, maxBytes) =>
      bytes.length <= SMALL ? codec.decompress(bytes, maxBytes) : slots.run(() => codec.decompress(bytes, maxBytes)),
  }
}

/** In order of arrival. */
class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(free: number) {
    this.#free = free
  }

  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // A slot goes from hand to hand while somebody waits for it.
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
