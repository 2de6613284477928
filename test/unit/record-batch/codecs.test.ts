import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib"
import { type Codec, type CodecName, portableCodecs, RecordBatchError } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { codecSubjects, referenceCodecs } from "./codec-subjects.ts"
import { errorCode } from "./expect-error.ts"
import { lz4Frames } from "./lz4-frames.ts"
import { sample } from "./samples.ts"
import { xerial } from "./xerial.ts"

const MIB = 1024 * 1024
const names = ["gzip", "snappy", "lz4", "zstd"] as const satisfies CodecName[]

const samples: [string, Uint8Array][] = [
  ["nothing", new Uint8Array(0)],
  ["one byte", Uint8Array.of(7)],
  ["a few bytes", sample(20)],
  ["a run", new Uint8Array(5000).fill(65)],
  ["what is handled synchronously", sample(10_000)],
  ["a 64 KiB block and a byte", sample(65_537)],
  ["what is handled off the thread", sample(700_000)],
  ["a block of noise", crypto.getRandomValues(new Uint8Array(65_536))],
]

async function compress(codec: Codec, bytes: Uint8Array): Promise<Uint8Array> {
  if (codec.compress === undefined) throw new Error("this codec can only be read")
  return codec.compress(bytes)
}

/** Vitest tells a Buffer from a Uint8Array of the same bytes. */
async function decompress(codec: Codec, bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return new Uint8Array(await codec.decompress(bytes, maxBytes))
}

describe.each(codecSubjects)("$name", ({ codecs }) => {
  describe.each(names)("%s", (name) => {
    const codec = requireCodec(codecs[name])
    const reference = requireCodec(referenceCodecs[name])

    it.each(samples)("reads %s as the reference wrote it, up to exactly its size", async (_, bytes) => {
      const compressed = await compress(reference, bytes)
      expectBytes(await decompress(codec, compressed, bytes.length), bytes)
      expectBytes(await decompress(codec, compressed, 2 * MIB), bytes)
    })

    if (codec.compress !== undefined) {
      it.each(samples)("writes %s as the reference reads it, and reads it itself", async (_, bytes) => {
        const compressed = await compress(codec, bytes)
        expectBytes(await decompress(reference, compressed, bytes.length), bytes)
        expectBytes(await decompress(codec, compressed, bytes.length), bytes)
      })

      it("compresses, and to the same bytes each time", async () => {
        const compressed = await compress(codec, sample(100_000))
        expect(compressed.length).toBeLessThan(50_000)
        expect(await compress(codec, sample(100_000))).toEqual(compressed)
      })
    }

    it("leaves bytes alone that lie around its input", async () => {
      const compressed = await compress(reference, sample(500))
      const around = new Uint8Array(compressed.length + 20).fill(0xaa)
      around.set(compressed, 10)
      expectBytes(await decompress(codec, around.subarray(10, -10), 500), sample(500))
    })

    it.each([1, 100, 65_535, 699_999])("refuses what exceeds %i bytes", async (maxBytes) => {
      const compressed = await compress(reference, sample(700_000))
      expect(await errorCode(() => codec.decompress(compressed, maxBytes))).toBe("decompressed_too_large")
    })

    it("refuses a bomb of 64 MiB", async () => {
      const bomb = await compress(reference, new Uint8Array(64 * MIB))
      expect(await errorCode(() => codec.decompress(bomb, MIB))).toBe("decompressed_too_large")
    })

    it("refuses anything where nothing is allowed", async () => {
      const compressed = await compress(reference, sample(10))
      expect(await errorCode(() => codec.decompress(compressed, 0))).toBe("decompressed_too_large")
    })

    it("refuses no bytes, noise, and text as corrupt", async () => {
      for (const bytes of [
        new Uint8Array(0),
        new Uint8Array(30).fill(0xff),
        new TextEncoder().encode("not compressed"),
      ]) {
        expect(await errorCode(() => codec.decompress(bytes, MIB))).toBe("corrupt")
      }
    })

    it.each([300, 100_000])("refuses every cut of %i compressed bytes, never answering with less", async (size) => {
      const compressed = await compress(reference, sample(size))
      const step = Math.max(1, Math.floor(compressed.length / 50))
      for (let end = 0; end < compressed.length; end += step) {
        expect(await errorCode(() => codec.decompress(compressed.subarray(0, end), MIB))).toBe("corrupt")
      }
    })

    it("refuses bytes after the end", async () => {
      const compressed = await compress(reference, sample(300))
      for (const tail of [[0], [0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]) {
        expect(await errorCode(() => codec.decompress(Uint8Array.of(...compressed, ...tail), MIB))).toBe("corrupt")
      }
    })
  })

  describe("gzip", () => {
    const gzip = requireCodec(codecs.gzip)

    it("writes no modification time", async () => {
      const compressed = await compress(gzip, sample(100))
      expect([...compressed.subarray(4, 8)]).toEqual([0, 0, 0, 0])
      expect(new Uint8Array(gunzipSync(compressed))).toEqual(sample(100))
    })

    it("is not fooled by many members", async () => {
      const member = gzipSync(new Uint8Array(MIB / 2))
      const code = await errorCode(() => gzip.decompress(Buffer.concat([member, member, member]), MIB))
      expect(["decompressed_too_large", "corrupt"]).toContain(code)
    })
  })

  describe("snappy", () => {
    const snappy = requireCodec(codecs.snappy)

    it("reads xerial's framing, in several blocks", async () => {
      const framed = xerial([sample(40_000), sample(5), sample(70_000)])
      expectBytes(
        await decompress(snappy, framed, 110_005),
        Uint8Array.of(...sample(40_000), ...sample(5), ...sample(70_000)),
      )
      expect(await errorCode(() => snappy.decompress(framed, 110_004))).toBe("decompressed_too_large")
      expect(await errorCode(() => snappy.decompress(framed.subarray(0, -1), MIB))).toBe("corrupt")
    })

    it("reads xerial's framing around nothing", async () => {
      expectBytes(await decompress(snappy, xerial([]), 0), new Uint8Array(0))
    })

    it.each([
      ["a length that cannot come true", [0xff, 0xff, 0xff, 0xff, 0x0f, 0]],
      ["a length of more than 32 bits", [0xff, 0xff, 0xff, 0xff, 0x1f, 0]],
      ["a literal of 4 GiB", [4, 0xfc, 0xff, 0xff, 0xff, 0xff, 1, 2]],
      ["a literal beyond the declared length", [1, 4, 1, 2]],
      ["a copy before the start", [5, 0, 1, 1, 5]],
      ["a copy of distance 0", [5, 0, 1, 1, 0]],
      ["a copy beyond the declared length", [3, 0, 1, 1, 1]],
      ["a copy that is cut", [8, 0, 1, 2, 1]],
      ["less than the declared length", [8, 0, 1]],
    ])("refuses %s", async (_, block) => {
      expect(await errorCode(() => snappy.decompress(Uint8Array.from(block), 2 ** 33))).toBe("corrupt")
    })

    it("reads a copy with a four-byte distance", async () => {
      expectBytes(
        await decompress(snappy, Uint8Array.of(6, 4, 1, 2, 0x0f, 2, 0, 0, 0), 6),
        Uint8Array.of(1, 2, 1, 2, 1, 2),
      )
    })
  })

  describe("lz4", () => {
    const lz4 = requireCodec(codecs.lz4)
    const data = sample(70_000)
    const { linkedBlocks, blockChecksums, contentSizeAndChecksum, everything, wrongContentSize, hugeContentSize } =
      lz4Frames

    it.each([
      ["linked blocks", linkedBlocks],
      ["block checksums", blockChecksums],
      ["a content size and checksum", contentSizeAndChecksum],
      ["everything", everything],
    ])("reads a frame with %s", async (_, frame) => {
      expectBytes(await decompress(lz4, frame, 70_000), data)
      expect(await errorCode(() => lz4.decompress(frame, 69_999))).toBe("decompressed_too_large")
    })

    it("reads frames one after another, between skippable ones", async () => {
      const skippable = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9)
      const frames = Buffer.concat([skippable, blockChecksums, linkedBlocks, skippable])
      expectBytes(await decompress(lz4, frames, 140_000), new Uint8Array(Buffer.concat([data, data])))
      expectBytes(await decompress(lz4, frames, MIB), new Uint8Array(Buffer.concat([data, data])))
      expect(await errorCode(() => lz4.decompress(frames, 139_999))).toBe("decompressed_too_large")
      expect(await errorCode(() => lz4.decompress(frames.subarray(0, -1), 140_000))).toBe("corrupt")
    })

    it.each([
      ["a wrong content size", wrongContentSize],
      ["a wrong content checksum", damaged(contentSizeAndChecksum, -1)],
      ["a wrong block checksum", damaged(blockChecksums, -5)],
      ["a wrong header checksum", damaged(linkedBlocks, 6)],
      ["a block above the frame's maximum", oversizedBlock()],
    ])("refuses %s", async (_, frame) => {
      expect(await errorCode(() => lz4.decompress(frame, MIB))).toBe("corrupt")
    })

    it("leaves the end of a block literal, which strict decoders insist on", async () => {
      const frame = await compress(requireCodec(portableCodecs().lz4), new Uint8Array(1000).fill(65))
      expect([...frame.subarray(-17)]).toEqual([12 << 4, ...Array<number>(12).fill(65), 0, 0, 0, 0])
    })

    it("refuses a declared content size above the bound", async () => {
      expect(await errorCode(() => lz4.decompress(hugeContentSize, MIB))).toBe("decompressed_too_large")
    })
  })

  describe("zstd", () => {
    const zstd = requireCodec(codecs.zstd)
    const frame = zstdCompressSync(sample(1000))
    const skippable = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9)
    /** A megabyte of one byte in eight RLE blocks, in a frame without a content size. */
    const undeclared = Buffer.from(`28b52ffd0050${"02001061".repeat(7)}03001061`, "hex")

    it("reads frames one after another, between skippable ones", async () => {
      const frames = Buffer.concat([frame, skippable, frame])
      expectBytes(await decompress(zstd, frames, 2000), Uint8Array.of(...sample(1000), ...sample(1000)))
      expect(await errorCode(() => zstd.decompress(frames, 1999))).toBe("decompressed_too_large")
      expect(await errorCode(() => zstd.decompress(frames.subarray(0, -1), 2000))).toBe("corrupt")
    })

    it("reads a frame without a content size, up to the bound", async () => {
      expectBytes(await decompress(zstd, undeclared, MIB), new Uint8Array(MIB).fill(0x61))
      expect(await errorCode(() => zstd.decompress(undeclared, MIB - 1))).toBe("decompressed_too_large")
      const twice = Buffer.concat([undeclared, undeclared])
      expect(await errorCode(() => zstd.decompress(twice, 2 * MIB - 1))).toBe("decompressed_too_large")
    })

    it("refuses a declared content size above the bound, and a frame that declares less than it holds", async () => {
      const claim = Buffer.from("28b52ffde0ffffffffffffff0f010000", "hex")
      expect(await errorCode(() => zstd.decompress(claim, MIB))).toBe("decompressed_too_large")
      const lie = Buffer.from("28b52ffd20050b001061", "hex")
      expect(await errorCode(() => zstd.decompress(lie, MIB))).toBe("corrupt")
    })

    it.each([
      ["a window of 256 MiB", "28b52ffd009009000061"],
      ["an empty compressed block", "28b52ffd2000050000"],
      ["a reserved block type", "28b52ffd2000070000"],
      ["a dictionary", "28b52ffd210100010000"],
    ])("refuses %s", async (_, hex) => {
      expect(await errorCode(() => zstd.decompress(Buffer.from(hex, "hex"), MIB))).toBe("corrupt")
    })

    it("refuses more frames than a batch can need", async () => {
      const tiny = zstdCompressSync(Uint8Array.of(1))
      expect(await errorCode(() => zstd.decompress(Buffer.concat(Array(65).fill(tiny)), MIB))).toBe("corrupt")
    })
  })
})

describe("a platform whose gzip stream writes the time", () => {
  it("gives the same bytes at any time all the same", async () => {
    const { gzip } = portableCodecs({ CompressionStream: TimedGzip, DecompressionStream })
    const compressed = await compress(requireCodec(gzip), sample(100))
    expect([...compressed.subarray(4, 8)]).toEqual([0, 0, 0, 0])
    expect(new Uint8Array(gunzipSync(compressed))).toEqual(sample(100))
  })
})

describe("a platform with nothing of its own", () => {
  it("has no gzip, and reads the other codecs", () => {
    const codecs = portableCodecs({})
    expect(codecs.gzip).toBeUndefined()
    expect([codecs.snappy, codecs.lz4, codecs.zstd]).not.toContain(undefined)
  })
})

describe("an error of a library", () => {
  it("is the cause of ours", async () => {
    const { gzip } = referenceCodecs
    const read = async () => gzip?.decompress(Uint8Array.of(1, 2, 3), MIB)
    const error = await read().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RecordBatchError)
    expect(error).toMatchObject({ code: "corrupt", cause: { code: "Z_DATA_ERROR" } })
  })
})

function requireCodec(codec: Codec | undefined): Codec {
  if (codec === undefined) throw new Error("every subject has every codec")
  return codec
}

/** As toEqual, which takes long over large arrays that are equal. */
function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) !== 0) expect(actual).toEqual(expected)
}

/** A gzip stream that stamps a modification time into the header. */
class TimedGzip {
  readonly writable: WritableStream<BufferSource>
  readonly readable: ReadableStream<Uint8Array>

  constructor() {
    const gzip = new CompressionStream("gzip")
    let isHeader = true
    const stamp = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(isHeader ? chunk.slice().fill(1, 4, 8) : chunk)
        isHeader = false
      },
    })
    this.writable = gzip.writable
    this.readable = gzip.readable.pipeThrough(stamp)
  }
}

/** A stored block of 70,000 bytes in a frame whose blocks have 64 KiB at most. */
function oversizedBlock(): Uint8Array {
  const header = lz4Frames.linkedBlocks.subarray(0, 7)
  const size = Uint8Array.of(0x70, 0x11, 0x01, 0x80)
  return new Uint8Array(Buffer.concat([header, size, new Uint8Array(70_004)]))
}

function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  const index = at < 0 ? copy.length + at : at
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}
