import fc from "fast-check"
import { limits } from "stratalog/protocol"
import { expect, it } from "vitest"
import { Refusal } from "../../../functions/http/exchange.ts"
import { decodeBase64 } from "../../../functions/http/records/value-codec.ts"

/** RFC 4648, 4, with padding. */
const WHOLE = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

it("base64 is taken where RFC 4648 takes it, and nothing else", () => {
  const text = fc.string({ unit: fc.constantFrom("A", "z", "9", "+", "/", "=", "-", "_", " ", "\n"), maxLength: 12 })
  fc.assert(
    fc.property(fc.oneof(text, fc.base64String({ maxLength: 40 })), (given) => {
      if (WHOLE.test(given)) expect(Buffer.from(decodeBase64(given, "value"))).toEqual(Buffer.from(given, "base64"))
      else expect(() => decodeBase64(given, "value")).toThrow(Refusal)
    }),
    { numRuns: 2_000 },
  )
})

it("base64 may be as long as a body", () => {
  const text = "AAAA".repeat(limits.maxRequestBytes / 4)
  expect(decodeBase64(text, "value")).toHaveLength((limits.maxRequestBytes / 4) * 3)
  expect(() => decodeBase64(`${text.slice(0, -1)}!`, "value")).toThrow(Refusal)
})
