import { decodeBatch, encodeCompressedBatch } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { nativeCodecs } from "../../../functions/codecs/native-codecs.ts"
import { referenceCodecs } from "./codec-subjects.ts"

describe("native codecs", () => {
  it("load on the platforms the tests run on", () => {
    const missing: string[] = []
    nativeCodecs({ onFallback: (name) => missing.push(name) })
    expect(missing).toEqual([])
  })

  it("tell which packages did not load and why, and work without them", async () => {
    const failures = new Map<string, unknown>()
    const noBinary = new Error("no binary for this platform")
    const codecs = nativeCodecs({
      load: () => {
        throw noBinary
      },
      onFallback: (name, error) => failures.set(name, error),
    })
    expect([...failures]).toEqual([
      ["@node-rs/crc32", noBinary],
      ["snappy", noBinary],
      ["lz4-napi", noBinary],
    ])
    const records = [{ timestamp: 1, key: null, value: new Uint8Array(1000) }]
    const bytes = await encodeCompressedBatch({ records }, "lz4", codecs)
    expect(await decodeBatch(bytes, referenceCodecs, 2000)).toMatchObject(records)
  })

  it("answer small inputs at once, so that a small compressed batch is decoded synchronously", async () => {
    const records = [{ timestamp: 1, key: null, value: new Uint8Array(1000) }]
    for (const codec of ["gzip", "snappy", "lz4", "zstd"] as const) {
      const bytes = await encodeCompressedBatch({ records }, codec, referenceCodecs)
      expect(Array.isArray(decodeBatch(bytes, referenceCodecs, 2000))).toBe(true)
    }
  })
})
