import fc from "fast-check"
import type { Codec } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { codecSubjects, referenceCodecs } from "../../unit/record-batch/codec-subjects.ts"
import { lz4Frames } from "../../unit/record-batch/lz4-frames.ts"
import { compressible, expand } from "./arbitraries.ts"
import { outcome } from "./outcomes.ts"
import "./seeded.ts"

const names = ["gzip", "snappy", "lz4", "zstd"] as const

describe.each(codecSubjects)("$name", ({ codecs }) => {
  describe.each(names)("%s", (name) => {
    const codec = requireCodec(codecs[name])
    const reference = requireCodec(referenceCodecs[name])
    const writer = codec.compress === undefined ? reference : codec

    it("gives back what was compressed, up to exactly its size", async () => {
      await fc.assert(
        fc.asyncProperty(compressible, async (parts) => {
          const bytes = expand(parts)
          const compressed = await compress(writer, bytes)
          expect(Buffer.compare(await codec.decompress(compressed, bytes.length), bytes)).toBe(0)
          expect(Buffer.compare(await reference.decompress(compressed, bytes.length), bytes)).toBe(0)
        }),
        { numRuns: 100 },
      )
    })

    it("never gives more than the bound", async () => {
      await fc.assert(
        fc.asyncProperty(compressible, fc.nat(), async (parts, size) => {
          const bytes = expand(parts)
          fc.pre(bytes.length > 0)
          const maxBytes = size % bytes.length
          const result = await outcome(async () => codec.decompress(await compress(reference, bytes), maxBytes))
          expect(result).toEqual({ kind: "refused", code: "decompressed_too_large" })
        }),
        { numRuns: 100 },
      )
    })

    it("refuses damage or gives bytes within the bound, and nothing else", async () => {
      const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(compressible, changes, async (parts, flips) => {
          const bytes = expand(parts)
          const damaged = (await compress(reference, bytes)).slice()
          for (const [where, mask] of flips) {
            const at = where % damaged.length
            damaged[at] = (damaged[at] ?? 0) ^ mask
          }
          const result = await outcome(() => codec.decompress(damaged, bytes.length))
          if (result.kind === "value") expect(result.value.length).toBeLessThanOrEqual(bytes.length)
        }),
        { numRuns: 300 },
      )
    })

    it("refuses noise, also behind a right start", async () => {
      const start = fc.constantFrom(...Object.values(starts[name]))
      await fc.assert(
        fc.asyncProperty(start, fc.uint8Array({ maxLength: 100 }), async (first, rest) => {
          const result = await outcome(() => codec.decompress(Uint8Array.of(...first, ...rest), 10_000))
          if (result.kind === "value") expect(result.value.length).toBeLessThanOrEqual(10_000)
        }),
        { numRuns: 500 },
      )
    })
  })
})

// The others are all zlib's and libzstd's, whose versions may differ in what damage they notice.
describe("the codecs agree", () => {
  it.each(["snappy", "lz4"] as const)("on what damaged %s bytes hold", async (name) => {
    const [first, ...others] = codecSubjects.map(({ codecs }) => requireCodec(codecs[name]))
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(compressible, flips, async (parts, changes) => {
        const bytes = expand(parts)
        const damaged = (await compress(requireCodec(referenceCodecs[name]), bytes)).slice()
        for (const [where, mask] of changes) {
          const at = where % damaged.length
          damaged[at] = (damaged[at] ?? 0) ^ mask
        }
        const expected = await outcome(() => requireCodec(first).decompress(damaged, 2 ** 20))
        for (const other of others) {
          const result = await outcome(() => other.decompress(damaged, 2 ** 20))
          expect(result.kind).toBe(expected.kind)
          if (result.kind === "value" && expected.kind === "value") {
            expect(Buffer.compare(result.value, expected.value)).toBe(0)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

/** How compressed bytes begin, so that what follows is looked at. */
const starts: Record<(typeof names)[number], number[][]> = {
  gzip: [[], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]],
  snappy: [[], [50], [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 20]],
  lz4: [[], [...lz4Frames.linkedBlocks.subarray(0, 7)], [...lz4Frames.linkedBlocks.subarray(0, 7), 40, 0, 0, 0]],
  zstd: [
    [],
    [0x28, 0xb5, 0x2f, 0xfd],
    [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50],
    [0x28, 0xb5, 0x2f, 0xfd, 0x20, 50, 0xed, 1, 0],
  ],
}

function requireCodec(codec: Codec | undefined): Codec {
  if (codec === undefined) throw new Error("every subject has every codec")
  return codec
}

async function compress(codec: Codec, bytes: Uint8Array): Promise<Uint8Array> {
  if (codec.compress === undefined) throw new Error("this codec can only be read")
  return codec.compress(bytes)
}
