/** The logs example's pure parts. */
import { describe, expect, it } from "vitest"
import { Counts, type Filter, passes } from "../../../examples/logs/filter.ts"
import { makeUpLines } from "../../../examples/logs/generate.ts"
import { LEVELS, type Line, lineSchema } from "../../../examples/logs/lines.ts"
import { parseSettings } from "../../../examples/logs/settings.ts"
import { seededRandom } from "../../../examples/program/random.ts"

const line: Line = { service: "search", level: "INFO", message: "GET /items/7 200 in 3 ms" }

describe("the generator", () => {
  const lines = [...makeUpLines(2000, seededRandom(1))]

  it("makes valid lines of all levels, most of them INFO", () => {
    for (const made of lines) expect(lineSchema.safeParse(made).success).toBe(true)
    const counts = new Counts()
    for (const made of lines) counts.add(made, false)
    expect(counts.of("INFO")).toBeGreaterThan(1200)
    expect(counts.of("ERROR")).toBeGreaterThan(20)
    expect(counts.of("DEBUG")).toBeGreaterThan(300)
  })

  it("makes the same of the same seed", () => {
    expect([...makeUpLines(2000, seededRandom(1))]).toEqual(lines)
  })
})

describe("the filter", () => {
  it.each<[Filter, boolean]>([
    [{ level: "DEBUG" }, true],
    [{ level: "INFO" }, true],
    [{ level: "ERROR" }, false],
    [{ level: "DEBUG", service: "search" }, true],
    [{ level: "DEBUG", service: "billing" }, false],
    [{ level: "DEBUG", grep: "items/7 " }, true],
    [{ level: "DEBUG", grep: "items/8 " }, false],
  ])("%j: %s", (filter, shown) => expect(passes(line, filter)).toBe(shown))
})

it("counts say how many lines there were and how many were shown", () => {
  const counts = new Counts()
  counts.add(line, true)
  for (const level of LEVELS) counts.add({ ...line, level }, level === "ERROR")
  expect(String(counts)).toBe("DEBUG 1  INFO 2  ERROR 1  (4 lines, 2 shown)")
})

describe("the command line", () => {
  it("takes a role and max for the rate", () => {
    expect(parseSettings(["generate", "--rate", "max", "--lines", "5"])).toMatchObject({
      settings: { role: "generate", rate: Number.POSITIVE_INFINITY, lines: 5, level: "ERROR" },
    })
  })

  it.each([[["--level", "WARN"]], [["--rate", "0"]], [["--lines", "1.5"]], [["--from", "now"]]])("refuses %j", (args) =>
    expect(parseSettings(args)).toMatchObject({ kind: "refused" }),
  )
})
