import { describe, expect, it } from "vitest"
import { fillerBatch, isFiller, MOST_FILLERS } from "../../../sdk/cli/copy/fillers.ts"
import { gathered } from "../../../sdk/cli/copy/gather.ts"
import { piecesOf, RecordTooLarge } from "../../../sdk/cli/copy/pieces.ts"
import { decodeBatch } from "../../../sdk/record-batch/decode.ts"
import { encodeBatch, encodeCompressedBatch } from "../../../sdk/record-batch/encode.ts"
import { readBatchHeader } from "../../../sdk/record-batch/header.ts"
import { patchBaseOffset, setLogAppendTime } from "../../../sdk/record-batch/patch.ts"
import { portableCodecs } from "../../../sdk/record-batch/portable-codecs.ts"
import { encodeRetained } from "../../../sdk/record-batch/retain.ts"
import type { BatchRecord, RecordInput } from "../../../sdk/record-batch/types.ts"

const codecs = portableCodecs()
const MiB = 1024 ** 2
const rules = { codecs, maxBytes: MiB, maxDecompressedBytes: 32 * MiB }

/** So much that no codec makes small. */
const noise = (size: number) => crypto.getRandomValues(new Uint8Array(size))
const input = (n: number, size = 10): RecordInput => ({
  timestamp: 1_700_000_000_000 + n * 10,
  key: Buffer.from(`k${n}`),
  value: noise(size),
  headers: [["h", null]],
})

/** As it lies in a log, from an offset on. */
function stored(batch: Uint8Array, baseOffset: number): Uint8Array {
  patchBaseOffset(batch, baseOffset)
  return batch
}

const decode = async (bytes: Uint8Array): Promise<BatchRecord[]> => decodeBatch(bytes, codecs, 32 * MiB)
const contents = (records: readonly BatchRecord[]) =>
  records.map(({ timestamp, key, value, headers }) => ({ timestamp, key, value, headers }))

describe("the pieces of a batch", () => {
  const batch = stored(encodeBatch({ records: [0, 1, 2, 3].map((n) => input(n)) }, codecs.crc32c), 10)

  it("are the batch itself", async () => {
    const [piece, ...others] = await piecesOf([batch], 10, rules)
    expect(others).toEqual([])
    expect(piece?.bytes).toBe(batch)
    expect(piece).toMatchObject({ first: 10, count: 4, next: 14, maxTimestamp: 1_700_000_000_030 })
  })

  it("are the records from an offset inside of it on", async () => {
    const [piece] = await piecesOf([batch], 12, rules)
    expect(piece).toMatchObject({ first: 12, count: 2, next: 14 })
    expect(contents(await decode(piece?.bytes ?? batch))).toEqual(contents((await decode(batch)).slice(2)))
  })

  it("have no holes, and nothing that is the log's to set", async () => {
    const kept = (await decode(batch)).filter(({ offset }) => offset === 11 || offset === 12)
    const holes = await encodeRetained(batch, kept, codecs, 1_800_000_000_000)
    const [piece] = await piecesOf([holes], 0, rules)
    expect(piece).toMatchObject({ first: 11, offsets: [11, 12], count: 2, next: 14 })
    const header = readBatchHeader(piece?.bytes ?? batch)
    expect(header).toMatchObject({ recordCount: 2, lastOffsetDelta: 1, hasDeleteHorizon: false })
    expect(contents(await decode(piece?.bytes ?? batch))).toEqual(contents(kept))
    const emptied = await encodeRetained(batch, [], codecs)
    expect(await piecesOf([emptied], 0, rules)).toEqual([])
  })

  it("carry the time that the log stamped as the records' own", async () => {
    const stampedBatch = setLogAppendTime(batch, 1_900_000_000_000, codecs.crc32c)
    const [piece] = await piecesOf([stampedBatch], 0, rules)
    expect(readBatchHeader(piece?.bytes ?? batch).logAppendTime).toBe(false)
    expect((await decode(piece?.bytes ?? batch)).map(({ timestamp }) => timestamp)).toEqual(
      Array(4).fill(1_900_000_000_000),
    )
    expect(piece?.maxTimestamp).toBe(1_900_000_000_000)
  })

  it.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)(
    "are several where it is too large, in its codec: %s",
    async (codec) => {
      const records = Array.from({ length: 50 }, (_, n) => input(n, 1_000))
      const large =
        codec === "none"
          ? encodeBatch({ records }, codecs.crc32c)
          : await encodeCompressedBatch({ records }, codec, codecs)
      const pieces = await piecesOf([stored(large, 100)], 100, { ...rules, maxBytes: 10_000 })
      expect(pieces.length).toBeGreaterThan(5)
      expect(pieces.every(({ bytes }) => bytes.length <= 10_000 && readBatchHeader(bytes).codec === codec)).toBe(true)
      const all = await Promise.all(pieces.map(({ bytes }) => decode(bytes)))
      expect(contents(all.flat())).toEqual(contents(await decode(large)))
      expect(
        pieces
          .flatMap(({ first, next }) => [first, next])
          .filter((_, index, list) => index === 0 || index === list.length - 1),
      ).toEqual([100, 150])
      pieces.slice(1).forEach(({ first }, index) => {
        expect(first).toBe(pieces[index]?.next)
      })
    },
  )

  it("cannot be where one record is too large", async () => {
    const large = stored(encodeBatch({ records: [input(0), input(1, 5_000), input(2)] }, codecs.crc32c), 7)
    const error = await piecesOf([large], 0, { ...rules, maxBytes: 4_000 }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RecordTooLarge)
    expect(error).toMatchObject({ offset: 8 })
  })

  it("are one of several small batches, with their records and the holes between them", async () => {
    const small = [0, 1, 2].map((n) =>
      stored(encodeBatch({ records: [input(n), input(n)] }, codecs.crc32c), 20 + n * 3),
    )
    const [piece, ...others] = await piecesOf(small, 21, rules)
    expect(others).toEqual([])
    expect(piece).toMatchObject({ first: 21, offsets: [21, 23, 24, 26, 27], count: 5, next: 28 })
    const all = (await Promise.all(small.map(decode))).flat()
    expect(contents(await decode(piece?.bytes ?? batch))).toEqual(contents(all.slice(1)))
  })

  it("are gathered by codec, up to a size", async () => {
    const zipped = stored(await encodeCompressedBatch({ records: [input(9)] }, "gzip", codecs), 0)
    const { length } = batch
    expect(gathered([batch, batch, batch], 0)).toEqual([[batch], [batch], [batch]])
    expect(gathered([batch, batch, batch], 2 * length)).toEqual([[batch, batch], [batch]])
    expect(gathered([batch, zipped, zipped, batch], 10 * length)).toEqual([[batch], [zipped, zipped], [batch]])
    expect(gathered([batch, batch], length - 1)).toEqual([[batch], [batch]])
    expect(gathered([], 10)).toEqual([])
  })

  it("are none of a batch that was damaged on its way", async () => {
    const damaged = Uint8Array.from(batch)
    damaged[70] = (damaged[70] ?? 0) ^ 1
    await expect(piecesOf([damaged], 0, rules)).rejects.toMatchObject({ code: "bad_crc" })
  })
})

it("a batch of fillers fits into every service, and is told from records", async () => {
  const bytes = await fillerBatch(MOST_FILLERS, codecs)
  expect(bytes.length).toBeLessThan(MiB)
  const records = await decode(bytes)
  expect([records.length, records.every(isFiller)]).toEqual([MOST_FILLERS, true])
  expect((await decode(encodeBatch({ records: [input(0)] }, codecs.crc32c))).some(isFiller)).toBe(false)
})
