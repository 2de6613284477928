import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseJson, partOf } from "../../../functions/http/exact-json.ts"

/** What a producer's value becomes on its way into the log. */
function stored(text: string): string {
  const { value, exact } = parseJson(text)
  return JSON.stringify(exact ?? value)
}

describe("exact JSON", () => {
  it.each([
    "12345678901234567890",
    "1.0",
    "1e3",
    "1E+3",
    "-0",
    "-0.0",
    "0.1",
    "9007199254740993",
    "1e400",
    "123456789.123456789123456789",
    '{"a":[1.0,{"b":1e2}],"c":"1.0"}',
  ])("%s stays as it was written", (text) => {
    expect(stored(text)).toBe(text)
  })

  it("leaves out the second reading where no number needs it", () => {
    expect(parseJson('{"a":1,"b":[-5,true,null,"x"]}')).toEqual({ value: { a: 1, b: [-5, true, null, "x"] } })
  })

  it("gives values as JavaScript reads them", () => {
    expect(parseJson('{"a":1.0}').value).toEqual({ a: 1 })
  })

  it("throws on what is not JSON", () => {
    for (const text of ["", "{", "01", "[1,]", "NaN", "'a'"]) expect(() => parseJson(text)).toThrow(SyntaxError)
  })

  it("keeps any document whose numbers are written out in full", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const compact = JSON.stringify(JSON.parse(text))
        expect(JSON.parse(stored(compact))).toEqual(JSON.parse(compact))
        expect(stored(compact)).toBe(compact)
      }),
    )
  })
})

describe("a part of an exact document", () => {
  it("lies at its path", () => {
    const { exact } = parseJson('{"records":[{"value":1.0},{"value":{"x":2.50}}]}')
    expect(JSON.stringify(partOf(exact, "records", 1, "value"))).toBe('{"x":2.50}')
  })

  it("is undefined where there is none, and never an inherited property", () => {
    expect(partOf({ a: 1 }, "b", "c")).toBeUndefined()
    expect(partOf(undefined, "a")).toBeUndefined()
    expect(partOf({}, "constructor")).toBeUndefined()
    expect(partOf("text", "length")).toBeUndefined()
  })
})
