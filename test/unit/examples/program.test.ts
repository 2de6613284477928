/** What the examples share. */
import { describe, expect, it } from "vitest"
import { paced } from "../../../examples/program/paced.ts"
import { pick, seededRandom } from "../../../examples/program/random.ts"
import { together } from "../../../examples/program/together.ts"

describe("paced", () => {
  it("gives items until the signal", async () => {
    const stop = new AbortController()
    const given: number[] = []
    for await (const item of paced([1, 2, 3], Number.POSITIVE_INFINITY, stop.signal)) {
      given.push(item)
      if (item === 2) stop.abort()
    }
    expect(given).toEqual([1, 2])
  })

  it("does not wait out a pause after the signal", async () => {
    const stop = new AbortController()
    const given: number[] = []
    for await (const item of paced([1, 2], 1 / 3600, stop.signal)) {
      given.push(item)
      stop.abort()
    }
    expect(given).toEqual([1])
  })
})

describe("seededRandom", () => {
  it("repeats itself for a seed and differs between seeds", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed))
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it("spreads evenly enough", () => {
    const random = seededRandom(1)
    const counts = new Map<string, number>()
    for (let i = 0; i < 3000; i++) {
      const choice = pick(["a", "b", "c"], random)
      counts.set(choice, (counts.get(choice) ?? 0) + 1)
    }
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
    expect(counts.size).toBe(3)
  })
})

describe("together", () => {
  it("stops the others where one fails, and fails once all have ended", async () => {
    const stop = new AbortController()
    let ended = false
    const other = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => setImmediate(resolve)))
    const works = [other.then(() => (ended = true)), Promise.reject(new Error("broken"))]
    await expect(together(stop, works)).rejects.toThrow("broken")
    expect(ended).toBe(true)
  })
})
