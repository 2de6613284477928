import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Progress } from "../../../../sdk/client/consumer/progress.ts"

describe("progress", () => {
  it("is the processed prefix, in whatever order records finish, and all of them in the end", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 })
    const property = fc.property(sizes, fc.nat(1_000), fc.infiniteStream(fc.nat()), (steps, start, choices) => {
      const progress = new Progress(start)
      let end = start
      const open = steps.map((step) => {
        const from = end
        end += step
        return { from, ticket: progress.begin(end) }
      })
      while (open.length > 0) {
        const [finished] = open.splice((choices.next().value ?? 0) % open.length, 1)
        if (finished !== undefined) progress.finish(finished.ticket)
        expect(progress.processed).toBe(open.length === 0 ? end : Math.min(...open.map(({ from }) => from)))
      }
    })
    fc.assert(property, { numRuns: 200 })
  })

  it("goes through many records in their order without keeping them", () => {
    const progress = new Progress(0)
    for (let offset = 0; offset < 10_000; offset++) progress.finish(progress.begin(offset + 1))
    expect(progress.processed).toBe(10_000)
  })

  it("stays where a record was given up", () => {
    const progress = new Progress(5)
    progress.begin(6)
    progress.finish(progress.begin(7))
    expect(progress.processed).toBe(5)
  })
})
