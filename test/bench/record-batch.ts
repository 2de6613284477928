/**
 * Rates of the record batch code on the calling thread:
 *
 *   node --conditions=source test/bench/record-batch.ts
 */
import {
  type BatchCodecs,
  type BatchInput,
  decodeBatch,
  decodeVerifiedBatch,
  encodeBatch,
  encodeCompressedBatch,
  inspectRecords,
  portableCodecs,
  portableCrc32c,
  type RecordInput,
  readBatchHeader,
  verifyBatch,
} from "stratalog/record-batch"
import { nativeCodecs } from "../../functions/codecs/native-codecs.ts"

const ROUNDS = 5
const ROUND_MS = 300
const MAX_BYTES = 2 ** 24

const native = nativeCodecs()
const text = new TextEncoder()

interface Shape {
  name: string
  records: number
  input: BatchInput
}

const shapes: Shape[] = [
  shape("1000 x 100 B", 1000, false),
  shape("1 x 100 B", 1, false),
  shape("1000 x 100 B, key and header", 1000, true),
]

for (const { name, records, input } of shapes) {
  const bytes = encodeBatch(input, native.crc32c)
  const header = readBatchHeader(bytes)
  console.log(`\n${name}: a batch of ${bytes.length} bytes`)
  const report = async (what: string, run: () => unknown) => print(what, await rate(run), records, bytes.length)
  await report("readBatchHeader", () => readBatchHeader(bytes))
  await report("verifyBatch, native CRC", () => verifyBatch(bytes, native.crc32c))
  await report("verifyBatch, portable CRC", () => verifyBatch(bytes, portableCrc32c))
  await report("encodeBatch, native CRC", () => encodeBatch(input, native.crc32c))
  await report("encodeBatch, portable CRC", () => encodeBatch(input, portableCrc32c))
  await report("inspectRecords", () => inspectRecords(bytes, header, native, MAX_BYTES))
  await report("decodeBatch, native CRC", () => decodeBatch(bytes, native, MAX_BYTES))
  await report("decodeVerifiedBatch", () => decodeVerifiedBatch(bytes, native, MAX_BYTES))
  await reportCodecs(input, records, bytes.length)
}

async function reportCodecs(input: BatchInput, records: number, size: number): Promise<void> {
  const sets: [string, BatchCodecs][] = [
    ["native", native],
    ["portable", portableCodecs()],
  ]
  for (const codec of ["gzip", "snappy", "lz4", "zstd"] as const) {
    for (const [name, codecs] of sets) {
      const bytes = await encodeCompressedBatch(input, codec, codecs)
      const header = readBatchHeader(bytes)
      const encode = await rate(() => encodeCompressedBatch(input, codec, codecs))
      print(`encode, ${name} ${codec} (${Math.round((100 * bytes.length) / size)} %)`, encode, records, size)
      const inspect = await rate(() => inspectRecords(bytes, header, codecs, MAX_BYTES))
      print(`inspect, ${name} ${codec}`, inspect, records, size)
    }
  }
}

function shape(name: string, count: number, rich: boolean): Shape {
  const records = Array.from({ length: count }, (_, index): RecordInput => {
    const record = { timestamp: 1_763_600_000_000 + index, key: null, value: value(index) }
    return rich
      ? { ...record, key: text.encode(`user-${index}`), headers: [["trace", text.encode(`t${index}`)]] }
      : record
  })
  return { name, records: count, input: { records } }
}

/** 100 bytes of JSON-like text. */
function value(index: number): Uint8Array {
  return text
    .encode(`{"order":${index},"sku":"${(index * 2_654_435_761) % 1e9}","note":"${"lorem ipsum dolor sit ".repeat(5)}`)
    .slice(0, 100)
}

/** Calls a second: the best of some rounds, since noise only ever slows down. */
async function rate(run: () => unknown): Promise<number> {
  let best = 0
  for (let round = 0; round < ROUNDS; round++) {
    let calls = 0
    const start = performance.now()
    let elapsed = 0
    while (elapsed < ROUND_MS) {
      for (let repeat = 0; repeat < 10; repeat++) {
        const result = run()
        if (result instanceof Promise) await result
      }
      calls += 10
      elapsed = performance.now() - start
    }
    best = Math.max(best, (calls * 1000) / elapsed)
  }
  return best
}

function print(what: string, callsPerSecond: number, records: number, bytes: number): void {
  const recordRate = `${((callsPerSecond * records) / 1e6).toFixed(2)} M records/s`
  const byteRate = `${((callsPerSecond * bytes) / 1e6).toFixed(0)} MB/s`
  console.log(`  ${what.padEnd(34)}${recordRate.padStart(20)}${byteRate.padStart(14)}`)
}
