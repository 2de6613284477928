import {
  decidePlacement,
  dynamoDbPlacementLimits as limits,
  type PlacementQuestion,
  placementCost,
  prices,
} from "stratalog/cost"
import { describe, expect, it } from "vitest"

const KiB = 1024
const MiB = 1024 * KiB

const question = (bytes: number, wish: PlacementQuestion["wish"], change: Partial<PlacementQuestion> = {}) => ({
  bytes,
  inlineEntryBytes: bytes + 30,
  headBytes: 90,
  wish,
  ...change,
})

const kindOf = (...args: Parameters<typeof question>) => decidePlacement(question(...args), limits, prices)

describe("placement", () => {
  it.each([
    [100, "inline", "inline"],
    [300, "inline", "inline"],
    [800, "inline", "inline"],
    [900, "inline", "inline"],
    [1000, "item", "item"],
    [2 * KiB, "item", "item"],
    [3900, "item", "item"],
    [4 * KiB, "object", "item"],
    [64 * KiB, "object", "item"],
    [300 * KiB, "object", "item"],
    [300 * KiB + 1, "object", "object"],
    [1 * MiB, "object", "object"],
    [4 * MiB, "object", "object"],
  ])("puts %i bytes for cost %s, for latency %s", (bytes, forCost, forLatency) => {
    expect({ cost: kindOf(bytes, "cost"), latency: kindOf(bytes, "latency") }).toEqual({
      cost: forCost,
      latency: forLatency,
    })
  })

  it("follows the prices: where a PUT costs less than a write, everything but the smallest is an object", () => {
    const cheapPuts = { ...prices, s3: { ...prices.s3, put: 0.1e-6, get: 0.01e-6 } }
    expect(decidePlacement(question(2000, "cost"), limits, cheapPuts)).toBe("object")
    expect(decidePlacement(question(100, "cost"), limits, cheapPuts)).toBe("inline")
  })

  it("is the cheapest of all for cost, at every size", () => {
    for (let bytes = 80; bytes <= 20 * KiB; bytes += 7) {
      const asked = question(bytes, "cost")
      const cost = (kind: "inline" | "item" | "object") => placementCost(kind, asked, limits, prices)
      const possible =
        asked.inlineEntryBytes <= limits.inlineBytes
          ? (["inline", "item", "object"] as const)
          : (["item", "object"] as const)
      expect(cost(decidePlacement(asked, limits, prices))).toBe(Math.min(...possible.map(cost)))
    }
  })

  it("keeps the largest head, page and item far below what an item of DynamoDB holds", () => {
    for (const wish of ["cost", "latency"] as const) {
      const headBytes = 20 * KiB
      for (let bytes = 80; bytes <= 4 * MiB; bytes = Math.ceil(bytes * 1.1)) {
        const asked = question(bytes, wish, { headBytes })
        const kind = decidePlacement(asked, limits, prices)
        const largest =
          kind === "inline"
            ? headBytes + limits.minTailEntries[wish] * asked.inlineEntryBytes
            : kind === "item"
              ? bytes + limits.itemOverheadBytes
              : 0
        expect(largest).toBeLessThan(310 * KiB)
      }
    }
  })

  it("puts nothing inline where the head has no room for it", () => {
    expect(kindOf(100, "latency", { headBytes: limits.headBytes })).toBe("item")
  })
})
