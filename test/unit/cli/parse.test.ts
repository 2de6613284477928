import { describe, expect, it } from "vitest"
import { commitTargets } from "../../../sdk/cli/parse/commit-target.ts"
import { integer, integers } from "../../../sdk/cli/parse/integer.ts"
import { configPairs, headerPairs } from "../../../sdk/cli/parse/pairs.ts"
import { parsePosition, parseTime } from "../../../sdk/cli/parse/position.ts"
import { duration, parseSize, size } from "../../../sdk/cli/parse/size.ts"

const NOW = Date.UTC(2026, 10, 21, 12)

describe("a position", () => {
  it("is an end of the log by its name", () => {
    expect(parsePosition("earliest", NOW)).toEqual({ kind: "earliest" })
    expect(parsePosition("latest", NOW)).toEqual({ kind: "latest" })
  })

  it("is an offset where the number is too small for a time", () => {
    expect(parsePosition("0", NOW)).toEqual({ kind: "offset", offset: 0 })
    expect(parsePosition("999999999999", NOW)).toEqual({ kind: "offset", offset: 999_999_999_999 })
    expect(parsePosition("1000000000000", NOW)).toEqual({ kind: "time", timestamp: 1_000_000_000_000 })
  })

  it("is so long ago with a minus", () => {
    expect(parsePosition("-15m", NOW)).toEqual({ kind: "time", timestamp: NOW - 15 * 60_000 })
    expect(parsePosition("-1.5h", NOW)).toEqual({ kind: "time", timestamp: NOW - 90 * 60_000 })
    expect(parsePosition("-500000d", NOW)).toEqual({ kind: "time", timestamp: 0 })
  })

  it.each([
    ["2026-11-21", Date.UTC(2026, 10, 21)],
    ["2026-11-21T08:30Z", Date.UTC(2026, 10, 21, 8, 30)],
    ["2026-11-21 08:30:01.5+01:00", Date.UTC(2026, 10, 21, 7, 30, 1, 500)],
  ])("is the time %s", (text, timestamp) => {
    expect(parsePosition(text, NOW)).toEqual({ kind: "time", timestamp })
  })

  it.each(["", "soon", "-", "2026-13-01", "1.5", "-15x", "12345678901234567890"])("is not %j", (text) => {
    expect(() => parsePosition(text, NOW)).toThrow(/earliest, latest/)
  })

  it("as a time takes all digits for epoch milliseconds", () => {
    expect(parseTime("5", NOW)).toEqual({ kind: "time", timestamp: 5 })
    expect(parseTime("earliest", NOW)).toEqual({ kind: "earliest" })
  })
})

describe("settings", () => {
  it("are numbers where they look like one, with units by their names", () => {
    const pairs = ["retention.ms=7d", "retention.bytes=1.5GiB", "segment.ms=-1", "cleanup.policy=compact", "x.ms=never"]
    expect(pairs.reduce<Record<string, string | number>>((before, pair) => configPairs(pair, before), {})).toEqual({
      "retention.ms": 7 * 86_400_000,
      "retention.bytes": 1.5 * 1024 ** 3,
      "segment.ms": -1,
      "cleanup.policy": "compact",
      "x.ms": "never",
    })
  })

  it("keep what follows the first equals sign", () => {
    expect(headerPairs("trace=a=b", [["trace", "1"]])).toEqual([
      ["trace", "1"],
      ["trace", "a=b"],
    ])
    expect(() => headerPairs("=x", undefined)).toThrow("name=value")
  })
})

describe("numbers", () => {
  it("stay in their range", () => {
    expect(integer(1, 5)("5")).toBe(5)
    expect(() => integer(1, 5)("6")).toThrow("from 1 to 5")
    expect(() => integer(0)("-1")).toThrow("from 0.")
    expect(() => integer(0)("1e3")).toThrow()
    expect(integers(0)("2", [1])).toEqual([1, 2])
  })

  it("carry units", () => {
    expect(parseSize("4096")).toBe(4096)
    expect(parseSize("64KiB")).toBe(65_536)
    expect(parseSize("64kb")).toBeUndefined()
    expect(() => size(1)("0")).toThrow("from 1")
    expect(size(65_536)("64KiB")).toBe(65_536)
    expect(duration("1.5s")).toBe(1500)
    expect(() => duration("fast")).toThrow(/10s/)
  })
})

describe("a commit", () => {
  it("names topic, partition and offset", () => {
    expect(commitTargets("a.b-c_d:3=42", undefined)).toEqual([{ topic: "a.b-c_d", partition: 3, offset: 42 }])
  })

  it.each(["orders", "orders:0", "orders=3", "orders:x=3", "orders:0=-1"])("is not %j", (text) => {
    expect(() => commitTargets(text, undefined)).toThrow("orders:0=42")
  })
})
