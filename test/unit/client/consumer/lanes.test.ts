import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Lanes } from "../../../../sdk/client/consumer/lanes.ts"

interface Item {
  readonly lane: string | undefined
  readonly number: number
}

type Step = "add" | "take" | "finish"

describe("lanes", () => {
  it("do each lane's work in order, never two of one lane at once, and all of it", () => {
    const lane = fc.constantFrom("a", "b", "c", undefined)
    const step = fc.tuple(fc.constantFrom<Step>("add", "take", "finish"), lane, fc.nat())
    const property = fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const lanes = new Lanes<Item>((item) => item.lane)
      const begun: Item[] = []
      const running: Item[] = []
      let added = 0
      const take = () => {
        const item = lanes.take(() => true)
        if (item === undefined) return
        expect(running.some((other) => other.lane !== undefined && other.lane === item.lane)).toBe(false)
        begun.push(item)
        running.push(item)
      }
      const finish = (choice: number) => {
        const [item] = running.splice(choice % Math.max(running.length, 1), 1)
        if (item !== undefined) lanes.done(item)
      }
      for (const [what, name, choice] of steps) {
        if (what === "add") lanes.add({ lane: name, number: added++ })
        else if (what === "take") take()
        else finish(choice)
      }
      while (lanes.size > 0 || running.length > 0) {
        take()
        finish(0)
      }
      expect(begun).toHaveLength(added)
      for (const name of ["a", "b", "c"]) {
        const numbers = begun.filter((item) => item.lane === name).map(({ number }) => number)
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
      }
    })
    fc.assert(property, { numRuns: 300 })
  })

  it("let the next of a lane begin where the one before it was removed", () => {
    const lanes = new Lanes<Item>((item) => item.lane)
    for (let number = 0; number < 4; number++) lanes.add({ lane: "a", number })
    const removed = lanes.remove(({ number }) => number % 2 === 0)
    expect(removed.map(({ number }) => number).toSorted()).toEqual([0, 2])
    const first = lanes.take(() => true)
    expect(first?.number).toBe(1)
    expect(lanes.take(() => true)).toBeUndefined()
    if (first !== undefined) lanes.done(first)
    expect(lanes.take(() => true)?.number).toBe(3)
    expect(lanes.size).toBe(0)
  })

  it("keep the place of what may not begin yet", () => {
    const lanes = new Lanes<Item>((item) => item.lane)
    for (let number = 0; number < 3; number++) lanes.add({ lane: undefined, number })
    expect(lanes.take(({ number }) => number > 0)?.number).toBe(1)
    expect(lanes.take(() => true)?.number).toBe(0)
    expect(lanes.take(() => true)?.number).toBe(2)
  })
})
