import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { formatKey, KEY_ID_BYTES, KEY_SECRET_BYTES, makeKey, parseKey } from "../../../functions/access/key-format.ts"

const newKey = () => makeKey(randomBytes(KEY_ID_BYTES), randomBytes(KEY_SECRET_BYTES))

describe("an API key", () => {
  it("is read back as it was written", () => {
    for (let run = 0; run < 1_000; run++) {
      const key = newKey()
      expect(parseKey(formatKey(key))).toEqual(key)
    }
  })

  it("holds all of its random bits", () => {
    const zeros = makeKey(new Uint8Array(KEY_ID_BYTES), new Uint8Array(KEY_SECRET_BYTES))
    expect(formatKey(zeros)).toBe(`stk_${"a".repeat(16)}_${"A".repeat(43)}`)
    for (let bit = 0; bit < KEY_SECRET_BYTES * 8; bit++) {
      const bytes = new Uint8Array(KEY_SECRET_BYTES)
      bytes[bit >> 3] = 1 << (bit & 7)
      expect(makeKey(new Uint8Array(KEY_ID_BYTES), bytes).secret).not.toBe(zeros.secret)
    }
  })

  it("has one writing: nothing else is one", () => {
    const text = formatKey(newKey())
    const others = [
      text.toUpperCase(),
      `${text}=`,
      `${text} `,
      ` ${text}`,
      text.slice(0, -1),
      `${text}A`,
      text.slice(4),
    ]
    for (const other of ["", "stk", "stk__", ...others]) expect(parseKey(other)).toBeUndefined()
    // The last character of the secret holds four bits: others than sixteen of them are no writing of 32 bytes.
    expect(parseKey(`${text.slice(0, -1)}B`)).toBeUndefined()
  })
})
