import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cursorAfter, nextCursor, readCursor } from "../../../functions/http/paging.ts"

describe("a cursor", () => {
  it("brings back the name that it was made from", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 249, unit: "grapheme" }), (name) => {
        expect(readCursor(cursorAfter(name))).toBe(name)
      }),
    )
  })

  it("passes through a query as it is, and through the schema's bound", () => {
    expect(cursorAfter("Z".repeat(249))).toMatch(/^[\w-]{1,1024}$/)
  })

  it("is absent on the first and behind the last page", () => {
    expect(readCursor(undefined)).toBeUndefined()
    expect(nextCursor(undefined)).toEqual({})
    expect(readCursor(nextCursor("orders").nextCursor)).toBe("orders")
  })

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

  it.each([
    "!!! not a cursor !!!",
    "orders",
    encoded("orders"),
    encoded({ v: 2, after: "orders" }),
    encoded({ v: 1, after: "" }),
    encoded({ v: 1, after: "orders", more: 1 }),
    encoded(null),
    `${cursorAfter("orders")}x`,
  ])("%s is refused with what to do", (cursor) => {
    expect(() => readCursor(cursor)).toThrow(
      expect.objectContaining({ code: "invalid_request", message: expect.stringContaining("nextCursor") }),
    )
  })
})
