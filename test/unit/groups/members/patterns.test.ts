import { describe, expect, it } from "vitest"
import { compilePatterns } from "../../../../functions/groups/members/patterns.ts"

async function matched(pattern: string, ...names: string[]): Promise<string[]> {
  const { match, invalid } = await compilePatterns([pattern])
  expect(invalid).toEqual([])
  return names.filter(match(pattern))
}

describe("a pattern", () => {
  it("matches whole names, however often it is asked", async () => {
    const names = ["orders-eu", "orders-", "my-orders-eu", "orders"]
    expect(await matched("^orders-.*", ...names)).toEqual(["orders-eu", "orders-"])
    expect(await matched("^orders-.*", ...names)).toEqual(["orders-eu", "orders-"])
    expect(await matched("^orders", ...names)).toEqual(["orders"])
    expect(await matched("^(?i)ORDERS-(eu|us)$", ...names)).toEqual(["orders-eu"])
    expect(await matched("^", ...names)).toEqual([])
  })

  it("takes no longer where a backtracking engine would not come back", async () => {
    const name = `${"a".repeat(200)}!`
    expect(await matched("^(a+)+$", name)).toEqual([])
    expect(await matched("^(.*.*)*b", name)).toEqual([])
  })

  it("that is none is named, with what is wrong, each time, and matches nothing", async () => {
    for (const pattern of ["^(", "^a(?=b)", "^(a)\\1", "^[z-a]", "^a**", "^\\", `^${".{0,999}".repeat(30)}x`]) {
      for (let times = 0; times < 2; times++) {
        const { match, invalid } = await compilePatterns(["^fine", pattern])
        expect(invalid).toEqual([{ pattern, detail: expect.stringMatching(/^The pattern /) }])
        expect(match(pattern)("a")).toBe(false)
        expect(match("^fine")("fine")).toBe(true)
      }
    }
  })

  it("that nobody compiled matches nothing", async () => {
    expect((await compilePatterns([])).match("^a")("a")).toBe(false)
  })
})
