import { stripVTControlCharacters } from "node:util"
import { describe, expect, it } from "vitest"
import { cutLine, shortened } from "../../../sdk/cli/format/cut.ts"
import { paintFor } from "../../../sdk/cli/format/paint.ts"
import { quantitiesFor } from "../../../sdk/cli/format/quantities.ts"
import { timeLeft } from "../../../sdk/cli/format/time-left.ts"
import { tableSection, type WatchColumn } from "../../../sdk/cli/watch/fit-table.ts"
import { type Heading, headLines } from "../../../sdk/cli/watch/head.ts"
import { layOut, shares } from "../../../sdk/cli/watch/lay-out.ts"
import { rateText, trendText } from "../../../sdk/cli/watch/rate-text.ts"
import type { ServerFigures } from "../../../sdk/cli/watch/server-figures.ts"
import type { Style } from "../../../sdk/cli/watch/tables.ts"
import { StratalogError } from "../../../sdk/client/errors.ts"
import { lookAt } from "../../fakes/looks.ts"

const plain = paintFor({ isTTY: false }, {}, true)
const coloured = paintFor({ isTTY: true }, {}, true)
const people: Style = { paint: plain, show: quantitiesFor(true), isTerminal: true, hasRates: true }
const programs: Style = { paint: plain, show: quantitiesFor(false), isTerminal: false, hasRates: true }

interface Row {
  readonly name: string
  readonly n: number
}
const columns: readonly WatchColumn<Row>[] = [
  { header: "NAME", cell: ({ name }) => name, isName: true, total: "total" },
  { header: "SOME", align: "right", cell: ({ n }) => String(n), yields: 2, total: "many" },
  { header: "OTHER", align: "right", cell: ({ n }) => String(n * 2), yields: 1 },
]
const rowsOf = (...names: readonly string[]): readonly Row[] => names.map((name, n) => ({ name, n }))
const section = (rows: readonly Row[], paint = plain) => tableSection({ columns, rows, empty: "None." }, paint)

describe("a table that has so many lines and columns", () => {
  it("is shown whole where they are enough, with the sum of several rows", () => {
    expect(section(rowsOf("a", "b")).show(4, 80)).toEqual([
      "NAME   SOME  OTHER",
      "a         0      0",
      "b         1      2",
      "total  many",
    ])
    expect(section(rowsOf("a")).show(4, undefined)).toEqual(["NAME  SOME  OTHER", "a        0      0"])
    expect(section([]).show(4, 80)).toEqual(["None."])
    expect([section([]), section(rowsOf("a")), section(rowsOf("a", "b"))].map(({ lines }) => lines)).toEqual([1, 2, 4])
  })

  it("says how many rows are not shown", () => {
    const many = section(rowsOf("a", "b", "c", "d", "e"))
    expect(many.show(5, 80).map((line) => line.split(" ")[0])).toEqual(["NAME", "a", "b", "…", "total"])
    expect(many.show(5, 80)[3]).toBe("… 3 more")
    expect(many.show(3, 80).map((line) => line.split(" ")[0])).toEqual(["NAME", "a", "…"])
  })

  it("gives up columns in their order, and shortens names before", () => {
    const at = (width: number) => section(rowsOf("a-very-long-name", "another-long-name")).show(9, width)
    expect(at(30)).toEqual([
      "NAME               SOME  OTHER",
      "a-very-long-name      0      0",
      "another-long-name     1      2",
      "total              many",
    ])
    expect(at(22)).toEqual([
      "NAME       SOME  OTHER",
      "a-ve…name     0      0",
      "anot…name     1      2",
      "total      many",
    ])
    expect(at(20)).toEqual(["NAME           OTHER", "a-very…g-name      0", "anothe…g-name      2", "total"])
    expect(at(9)).toEqual(["NAME", "a-ve…name", "anot…name", "total"])
    for (let width = 8; width < 40; width++) {
      for (const line of at(width)) expect([...line].length).toBeLessThanOrEqual(width)
    }
  })
})

describe("a picture of so many lines and columns", () => {
  it("gives each table its share, and what one does not want to the others", () => {
    expect(shares([10, 10], 20)).toEqual([10, 10])
    expect(shares([100, 100], 21)).toEqual([10, 11])
    expect(shares([100, 4], 20)).toEqual([16, 4])
    expect(shares([4, 100], 20)).toEqual([4, 16])
    expect(shares([2, 100], 3)).toEqual([2, 3])
    expect(shares([], 10)).toEqual([])
  })

  it("never has more of either than there are", () => {
    const tables = [section(rowsOf(..."abcdefgh"), coloured), section(rowsOf(..."ij"), coloured), section([])]
    const head = [coloured("bold", "a heading that is longer than most terminals are wide"), "second"]
    for (let rows = 1; rows < 24; rows++) {
      for (let columns = 1; columns < 80; columns += 7) {
        const lines = layOut(head, tables, { rows, columns })
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(columns)
      }
    }
    expect(layOut(head, tables, { rows: 100, columns: 100 })).toEqual(layOut(head, tables, undefined))
  })
})

describe("a line that is cut", () => {
  it("keeps its colours for what is left, and no longer", () => {
    expect(cutLine("plain", 3)).toBe("pla")
    expect(cutLine("plain", 5)).toBe("plain")
    expect(cutLine("", 0)).toBe("")
    expect(cutLine("\u001b[31mred\u001b[39m and", 3)).toBe("\u001b[31mred\u001b[39m\u001b[0m")
    expect(cutLine("\u001b[31mred\u001b[39m and", 2)).toBe("\u001b[31mre\u001b[0m")
    expect(cutLine("😀😀😀", 2)).toBe("😀😀")
  })

  it("keeps both ends of a name", () => {
    expect(shortened("orders-of-today", 15)).toBe("orders-of-today")
    expect(shortened("orders-of-today", 8)).toBe("orde…day")
    expect(shortened("orders", 1)).toBe("…")
  })
})

describe("rates and times", () => {
  it("are rounded for people, and exact for programs", () => {
    expect([null, 0, 0.25, 9.5, 12.4, 12_345.6].map((rate) => rateText(rate, people))).toEqual([
      "-",
      "0",
      "0.3",
      "9.5",
      "12",
      "12,346",
    ])
    expect([null, 0, 0.25, 12_345.6789].map((rate) => rateText(rate, programs))).toEqual([
      "-",
      "0",
      "0.25",
      "12345.679",
    ])
    expect([null, 0, 12.4, -1.5].map((rate) => trendText(rate, people))).toEqual(["-", "0", "↑12", "↓1.5"])
    expect([null, 0, 12.4, -1.5].map((rate) => trendText(rate, programs))).toEqual(["-", "0", "+12.4", "-1.5"])
  })

  it("are in units that can be read", () => {
    expect([0, 0.2, 59, 200, 7_000, 200_000, 1e9].map(timeLeft)).toEqual([
      "0 s",
      "1 s",
      "59 s",
      "3 min 20 s",
      "1 h 56 min",
      "2 days",
      "11574 days",
    ])
  })
})

describe("the heading", () => {
  const failures = (count: number) => ({ count, codes: [], first: [] })
  const run = { startedAt: 0, endedAt: 40_000, partitions: 1, sweep: false, complete: true }
  const upkeep = (
    backlog: { waitingBytes: number; overduePartitions: number; overdueSince: number | null },
    failed = 0,
  ) => ({
    lastRun: { ...run, failures: failures(failed) },
    lastRound: { startedAt: 0, endedAt: 0, partitions: 1, unfinished: false, failures: failures(0), backlog },
    lastSweep: null,
    lastNudge: null,
  })
  const heading: Heading = {
    title: "strata top",
    url: "http://host",
    look: lookAt(0, { time: 1_795_225_575_725 }),
    service: undefined,
    trouble: undefined,
    order: "lag",
    intervalMs: 2_000,
    now: 100_000,
  }
  const error = new StratalogError({
    code: "unavailable",
    detail: "It is \u001b[2J busy.",
    retryable: true,
    sideEffects: "none",
  })

  it("says where, when, how often, and what a look asks for", () => {
    expect(headLines(heading, programs)).toEqual([
      "strata top  2026-11-21T01:46:15.725Z  http://host  every 2 s  1 request a look  by lag",
    ])
    expect(headLines(heading, people)[0]).toMatch(/^strata top {2}\d\d:\d\d:\d\d {2}http/)
  })

  it("says since when there is nothing new, and why, and lets no text of others through to the terminal", () => {
    expect(headLines({ ...heading, trouble: { since: 88_000, error } }, people)[1]).toBe(
      "Not refreshed for 12 s: It is \\u001b[2J busy.",
    )
    expect(headLines({ ...heading, trouble: { since: 95_000, error: undefined } }, people)[1]).toBe(
      "No answer for 5 s.",
    )
    expect(headLines({ ...heading, trouble: { since: 900_000, error: undefined } }, people)[1]).toBe(
      "No answer for 0 s.",
    )
  })

  it("says how the service is", () => {
    const service = { version: "1.2.3", unhealthy: null, upkeep: null, server: null }
    const lines = (more: Partial<Heading["service"]>) =>
      headLines({ ...heading, service: { ...service, ...more } }, people)
    expect(lines({})[0]).toContain("  1.2.3  ")
    expect(lines({})).toHaveLength(1)
    expect(lines({ unhealthy: "The disk is full." })[1]).toBe("Appends are refused: The disk is full.")
    const rest = { waitingBytes: 2_048, overduePartitions: 0, overdueSince: null }
    expect(lines({ upkeep: upkeep(rest) })[1]).toBe("upkeep ended 1 min 0 s ago  2.0 KiB wait to be tiered")
    expect(lines({ upkeep: upkeep({ ...rest, overduePartitions: 3, overdueSince: 0 }, 2) })[1]).toBe(
      "upkeep ended 1 min 0 s ago  2 failures: see `strata doctor`  2.0 KiB wait to be tiered  3 partitions overdue",
    )
    const none = { lastRun: null, lastRound: null, lastSweep: null, lastNudge: null }
    expect(lines({ upkeep: none })[1]).toBe("upkeep has not run yet")
  })

  it("says how busy its server is, where that is told", () => {
    const server = {
      startedAt: 40,
      requestsPerSecond: 1_234.5,
      errorsPerSecond: ["a", "b", "c", "d"].map((code, n) => ({ code, perSecond: 9 - n })),
      appendP99Seconds: 0.0025,
      waitingReaders: 2,
      connections: 3,
    }
    const line = (figures: ServerFigures) =>
      headLines({ ...heading, service: { version: null, unhealthy: null, upkeep: null, server: figures } }, people)[1]
    expect(line(server)).toBe(
      "up 1 min 0 s  1,235 requests/s  a 9/s  b 8/s  c 7/s  99 % of appends in 2.5 ms  2 readers wait  3 connections",
    )
    const first = { ...server, requestsPerSecond: null, errorsPerSecond: [], appendP99Seconds: null }
    expect(line(first)).toBe("up 1 min 0 s  2 readers wait  3 connections")
  })

  it("says what is not shown", () => {
    const look = lookAt(0, { more: true, denied: 2 })
    expect(headLines({ ...heading, look }, people).slice(1)).toEqual([
      "Only 0 topics and 0 groups, the first by name: --topic-prefix and --group-prefix choose; --most takes more, up to 5,000 partitions of topics.",
      "2 more may not be looked at by this caller.",
    ])
  })
})
