import { describe, expect, it } from "vitest"
import { firstFailure } from "../../../sdk/lambda/failures.ts"

const records = [{ offset: 7 }, { offset: 9 }, { offset: 10 }]
const failed = (...names: (string | number)[]) =>
  firstFailure(records, { batchItemFailures: names.map((itemIdentifier) => ({ itemIdentifier })) })?.offset

describe("the failures that a handler names", () => {
  it("begin with the lowest offset, as a number or as text", () => {
    expect(failed(10, "9")).toBe(9)
    expect(failed("7")).toBe(7)
  })

  it("are none where it names none", () => {
    expect(failed()).toBeUndefined()
    expect(firstFailure(records, undefined)).toBeUndefined()
  })

  it("are the whole batch where a name is no offset of it", () => {
    for (const name of ["", "message-1", 8, -1, Number.NaN, 10.5]) expect(failed(10, name)).toBe(7)
  })
})
