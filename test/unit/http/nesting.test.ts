import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { nestsDeeper } from "../../../functions/http/nesting.ts"

const deeper = (text: string, most: number) => nestsDeeper(Buffer.from(text), most)

/** By the value that the text stands for. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

describe("nesting of JSON", () => {
  it("is the depth of what it stands for, whatever its texts hold", () => {
    const text = fc.string({ unit: fc.constantFrom("[", "]", "{", "}", '"', "\\", "a", "é", "\u{1f600}") })
    const value = fc.jsonValue({ maxDepth: 6, depthSize: "large" })
    const any = fc.oneof(
      value,
      fc.array(fc.oneof(text, fc.array(text)), { minLength: 1 }),
      fc.dictionary(text, fc.array(text)),
    )
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 2 }), (json, indent) => {
        const depth = depthOf(json)
        const written = JSON.stringify(json, undefined, indent)
        expect(deeper(written, depth)).toBe(false)
        // What is shorter than the bound cannot be deeper, so nothing is counted there.
        if (depth > 0) expect(deeper(written, depth - 1)).toBe(true)
      }),
    )
  })

  it("is told of what is no JSON, too", () => {
    expect(deeper("[".repeat(129), 128)).toBe(true)
    expect(deeper("[".repeat(128) + "x".repeat(10), 128)).toBe(false)
    expect(deeper(`"${"[".repeat(1000)}`, 10)).toBe(false)
    expect(deeper(`"\\"${"[".repeat(1000)}`, 10)).toBe(false)
    expect(deeper(`"\\\\"${"[".repeat(1000)}`, 10)).toBe(true)
    expect(deeper("]".repeat(100) + "[".repeat(150), 40)).toBe(true)
  })
})
