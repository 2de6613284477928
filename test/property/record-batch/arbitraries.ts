import fc from "fast-check"
import type { BatchInput, HeaderPair, RecordInput } from "stratalog/record-batch"

const bytes = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 60, maxLength: 200 }) },
)
const bytesOrNull = fc.option(bytes)

/** Any well-formed text: emoji, byte order marks and NUL among it. */
const headerKey = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom("", "\ufeffbom", "\0", "größe", "😀", "k".repeat(130)) },
)
const header: fc.Arbitrary<HeaderPair> = fc.tuple(headerKey, bytesOrNull)

/** Half the safe range, so that no two are further apart than 2^53; mostly near each other, as in life. */
const farTimestamp = fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 })
const timestamp = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1_763_600_000_000, max: 1_763_600_100_000 }) },
  { weight: 1, arbitrary: farTimestamp },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 2 ** 31, -(2 ** 31), 2 ** 52 - 1, -(2 ** 52) + 1) },
)

const record: fc.Arbitrary<RecordInput> = fc.record(
  { timestamp, key: bytesOrNull, value: bytesOrNull, headers: fc.array(header, { maxLength: 4 }) },
  { requiredKeys: ["timestamp", "key", "value"] },
)

const producer = fc.record({
  id: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  epoch: fc.nat({ max: 0x7fff }),
  sequence: fc.nat({ max: 0x7fff_ffff }),
})

/** Any batch that can be written. */
export const batchInput: fc.Arbitrary<BatchInput> = fc.record(
  {
    records: fc.array(record, { minLength: 1, maxLength: 30 }),
    baseOffset: fc.nat({ max: Number.MAX_SAFE_INTEGER - 30 }),
    producer,
    logAppendTime: fc.boolean(),
  },
  { requiredKeys: ["records"] },
)

export const codecName = fc.constantFrom("gzip", "snappy", "lz4", "zstd")

/** Bytes with repetitions near and far, runs, and noise: what compressors and their edges are made of. */
export const compressible = fc.array(
  fc.record({
    part: fc.uint8Array({ minLength: 1, maxLength: 30 }),
    times: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 3000 })),
  }),
  { maxLength: 12 },
)

/** The bytes that a value of `compressible` stands for; apart, so that a counterexample prints short. */
export function expand(parts: readonly { part: Uint8Array; times: number }[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map(({ part, times }) => Buffer.alloc(part.length * times, part))))
}
