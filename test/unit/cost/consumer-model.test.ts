import { type GroupConsumer, groupConsumerCost, LOOKS, MONTH_SECONDS, pollUnits, prices } from "stratalog/cost"
import { describe, expect, it } from "vitest"
import { defaultSettings } from "../../../functions/partitions/dependencies.ts"

const idle: GroupConsumer = {
  intervalSeconds: 5,
  partitions: 8,
  isBusy: false,
  waitMs: 0,
  frontDoor: "http-api",
  memoryMiB: 512,
}
const polls = MONTH_SECONDS / 5

describe("a consumer of a group", () => {
  it("that has nothing to do pays for a write, its group and each partition, by the poll", () => {
    const { dynamoDb, lambda, httpApi, total } = groupConsumerCost(idle, prices)
    expect(dynamoDb).toBeCloseTo(polls * (1 * 0.625e-6 + 9 * 0.125e-6), 9)
    expect(lambda).toBeCloseTo(polls * (0.2e-6 + 0.02 * 0.5 * 0.0000133334), 9)
    expect(httpApi).toBeCloseTo(polls * 1e-6, 9)
    expect(total).toBe(dynamoDb + lambda + httpApi)
    expect(groupConsumerCost({ ...idle, frontDoor: "function-url" }, prices).total).toBe(dynamoDb + lambda)
  })

  it("costs half as much when it asks half as often", () => {
    const half = groupConsumerCost({ ...idle, intervalSeconds: 10 }, prices)
    expect(half.total * 2).toBeCloseTo(groupConsumerCost(idle, prices).total, 9)
  })

  it("that waits pays for the time, and for looks at its partitions that come ever less often", () => {
    const looks = (waitMs: number) => (pollUnits({ ...idle, waitMs }).readUnits - 1) / idle.partitions - 1
    expect([0, 49, 50, 124, 125, 1_000].map(looks)).toEqual([0, 0, 1, 1, 2, 5])
    expect(looks(20_000) - looks(10_000)).toBe(10)
    const waiting = groupConsumerCost({ ...idle, waitMs: 5_000 }, prices)
    const more = polls * 5 * 0.5 * prices.lambda.gbSecond
    expect(waiting.lambda - groupConsumerCost(idle, prices).lambda).toBeCloseTo(more, 9)
  })

  it("looks as often as the log does while readers wait", () => {
    const { firstPollMs, maxPollMs } = defaultSettings
    expect({ firstMs: firstPollMs, longestMs: maxPollMs }).toEqual({
      firstMs: LOOKS.firstMs,
      longestMs: LOOKS.longestMs,
    })
  })

  it("that commits writes twice, and more where its offsets lie in several items", () => {
    const units = (partitions: number) => pollUnits({ partitions, isBusy: true, waitMs: 0 })
    expect(units(1)).toEqual({ writeUnits: 2, readUnits: 3 })
    expect(units(32)).toEqual({ writeUnits: 2, readUnits: 65 })
    expect(units(33)).toEqual({ writeUnits: 5, readUnits: 67 })
  })
})
