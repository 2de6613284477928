import { gzipSync, zstdCompressSync } from "node:zlib"
import { portableCodecs, RecordBatchError } from "stratalog/record-batch"
import { expect, it } from "vitest"
import { limitedCodecs } from "../../../functions/codecs/limited-codecs.ts"

const noise = crypto.getRandomValues(new Uint8Array(40_000))

function counted() {
  let running = 0
  let most = 0
  const { gzip } = portableCodecs()
  if (gzip === undefined) throw new Error("no gzip here")
  const decompress: typeof gzip.decompress = async (bytes, maxBytes) => {
    most = Math.max(most, ++running)
    try {
      return await gzip.decompress(bytes, maxBytes)
    } finally {
      running--
    }
  }
  return { codecs: { ...portableCodecs(), gzip: { ...gzip, decompress } }, most: () => most }
}

it("decompresses so many large pieces at a time, all of them in the end, whatever becomes of each", async () => {
  const { codecs, most } = counted()
  const { gzip } = limitedCodecs(codecs, 2)
  const whole = gzipSync(noise)
  const broken = Buffer.from(whole).fill(0, 20_000, 21_000)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, index) => gzip?.decompress(index % 3 === 0 ? broken : whole, 1_000_000)),
  )
  expect(most()).toBe(2)
  const failed = outcomes.filter((outcome) => outcome.status === "rejected")
  expect(failed).toHaveLength(7)
  for (const { reason } of failed) expect(reason).toBeInstanceOf(RecordBatchError)
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") expect(Buffer.from(outcome.value ?? []).equals(noise)).toBe(true)
  }
})

it("leaves small pieces as quick as they were", () => {
  const { zstd } = limitedCodecs(portableCodecs(), 1)
  expect(zstd?.decompress(zstdCompressSync(Buffer.from("small")), 100)).not.toBeInstanceOf(Promise)
})
