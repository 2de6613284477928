import { lookCost, lookRequests, prices, type Watching } from "stratalog/cost"
import { describe, expect, it } from "vitest"

const some: Watching = { topics: 10, partitions: 8, groups: 5, frontDoor: "http-api", memoryMiB: 512 }

describe("the cost of a look", () => {
  it("is that of its requests", () => {
    expect(lookRequests(some)).toEqual({ requests: 22, readUnits: 2 + 90 + 65 })
    expect(lookRequests({ topics: 0, partitions: 0, groups: 0 })).toEqual({ requests: 2, readUnits: 2 })
  })

  it("adds up what each asks a price for", () => {
    const milliseconds = 10 + 35 + 10 * 45 + 5 * 30
    const dollars = 22 * (0.2e-6 + 1e-6) + (milliseconds / 1000) * 0.5 * 0.0000133334 + 157 * 0.125e-6
    expect(lookCost(some, prices)).toBeCloseTo(dollars, 12)
    const without = lookCost({ ...some, frontDoor: "function-url" }, prices)
    expect(lookCost(some, prices) - without).toBeCloseTo(22e-6, 12)
  })
})
