import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { linesOf } from "../../../sdk/cli/produce/lines.ts"
import { type LineFormat, parseLine } from "../../../sdk/cli/produce/parse-line.ts"

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

async function lines(chunks: readonly Uint8Array[]): Promise<string[]> {
  const found: string[] = []
  for await (const { number, bytes } of linesOf(chunksOf(chunks))) {
    found.push(Buffer.from(bytes).toString("latin1"))
    expect(number).toBe(found.length)
  }
  return found
}

describe("lines", () => {
  it("do not depend on how the bytes arrive", async () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "\n", "\r\n", "\u2028"), { maxLength: 40 })
      .map((parts) => parts.join(""))
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (input, cuts) => {
        const bytes = Buffer.from(input)
        const at = [0, ...cuts.filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length]
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        const expected = bytes.toString("latin1").split("\n")
        if (expected.at(-1) === "") expected.pop()
        expect(await lines(chunks)).toEqual(expected.map((line) => line.replace(/\r$/, "")))
      }),
    )
  })

  it("that never end are refused before they fill the memory", async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, "x")
    await expect(lines(Array.from({ length: 40 }, () => mebibyte))).rejects.toThrow("Line 1 is longer")
  })
})

const format: LineFormat = { value: "json", key: "utf8", keySeparator: undefined }
const parse = (text: string, changes: Partial<LineFormat> = {}) =>
  parseLine(Buffer.from(text), { ...format, ...changes })
const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())

describe("a line", () => {
  it("is stored as it was written", () => {
    const parsed = parse('{ "id": 12345678901234567890 }')
    expect(parsed.kind === "record" && textOf(parsed.record.value)).toBe('{ "id": 12345678901234567890 }')
  })

  it("is cut at the first separator", () => {
    const parsed = parse("u1::::2", { keySeparator: "::", value: "utf8" })
    expect(parsed.kind === "record" && [textOf(parsed.record.key), textOf(parsed.record.value)]).toEqual(["u1", "::2"])
  })

  it("is a tombstone where its JSON is null", () => {
    expect(parse("null")).toEqual({ kind: "record", record: { key: null, value: null } })
    const text = parse("null", { value: "utf8" })
    expect(text.kind === "record" && textOf(text.record.value)).toBe("null")
  })

  it("decodes base64", () => {
    const parsed = parse("//4=", { value: "base64" })
    expect(parsed.kind === "record" && [...(parsed.record.value ?? [])]).toEqual([0xff, 0xfe])
  })

  it("decodes base64 of many megabytes", () => {
    const text = "AAAA".repeat(4 * 1024 * 1024)
    const parsed = parse(text, { value: "base64" })
    expect(parsed.kind === "record" && parsed.record.value?.length).toBe(12 * 1024 * 1024)
    expect(parse(`${text.slice(0, -1)}!`, { value: "base64" }).kind).toBe("bad")
  })

  it.each([
    ["{", {}, "the value is not JSON"],
    ["", {}, "the value is not JSON"],
    ["u1", { keySeparator: ":" }, 'no key separator ":"'],
    ["x=1", { value: "base64" }, "the value is not base64"],
    ["=", { value: "base64" }, "the value is not base64"],
    ["A===", { value: "base64" }, "the value is not base64"],
    ["AA==AA==", { value: "base64" }, "the value is not base64"],
    ["AA\nA", { value: "base64" }, "the value is not base64"],
    ["x:1", { keySeparator: ":", key: "json" }, "the key is not JSON"],
  ] as const)("%j is refused", (text, changes, reason) => {
    expect(parse(text, changes)).toMatchObject({ kind: "bad", reason: expect.stringContaining(reason) })
  })

  it("that is no UTF-8 is refused as text", () => {
    expect(parseLine(Uint8Array.of(0xff), { ...format, value: "utf8" }).kind).toBe("bad")
  })
})
