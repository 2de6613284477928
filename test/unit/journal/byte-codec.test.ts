import fc from "fast-check"
import { expect, it } from "vitest"
import { ByteReader, ByteWriter } from "../../../functions/storage/embedded/journal/byte-codec.ts"

it("reads back what was written, wherever the writer had to grow", () => {
  const item = fc.oneof(
    fc.record({ kind: fc.constant("i32" as const), value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
    fc.record({ kind: fc.constant("f64" as const), value: fc.maxSafeInteger() }),
    fc.record({ kind: fc.constant("i16" as const), value: fc.integer({ min: -32_768, max: 32_767 }) }),
    fc.record({ kind: fc.constant("u8" as const), value: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ kind: fc.constant("u32" as const), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
  )
  const property = fc.property(fc.array(item, { minLength: 800, maxLength: 4_000 }), (items) => {
    const writer = new ByteWriter()
    for (const { kind, value } of items) writer[kind](value)
    const reader = new ByteReader(writer.take())
    expect(items.map(({ kind }) => reader[kind]())).toEqual(items.map(({ value }) => value))
    expect(reader.done).toBe(true)
  })
  fc.assert(property, { numRuns: 20 })
})
