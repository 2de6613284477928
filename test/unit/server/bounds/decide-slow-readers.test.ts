import { describe, expect, it } from "vitest"
import { decideSlowReaders } from "../../../../functions/server/bounds/decide-slow-readers.ts"

const bounds = { maxUnsentBytes: 1_000, slowestReader: 10, readerGraceMs: 5_000 }
const reader = (name: string, unsent: number, idleMs: number) => ({ name, unsent, idleMs })
const cut = (...readers: readonly ReturnType<typeof reader>[]) =>
  decideSlowReaders(readers, bounds).map(({ name }) => name)

describe("readers that are cut off", () => {
  it("are those that take longer for what waits than the slowest may, and the grace", () => {
    expect(cut(reader("in time", 100, 15_000), reader("late", 100, 15_001))).toEqual(["late"])
  })

  it("are, where too much waits over all, those that have taken nothing for the longest", () => {
    expect(cut(reader("a", 600, 10), reader("b", 300, 30), reader("c", 300, 20))).toEqual(["b"])
    expect(cut(reader("a", 600, 10), reader("b", 300, 30), reader("c", 900, 20))).toEqual(["b", "c"])
  })

  it("are nobody where all fits", () => {
    expect(cut(reader("a", 600, 10), reader("b", 400, 4_000))).toEqual([])
    expect(cut()).toEqual([])
  })

  it("count no more for those that stay", () => {
    expect(cut(reader("late", 900, 200_000), reader("in time", 200, 10))).toEqual(["late"])
  })
})
