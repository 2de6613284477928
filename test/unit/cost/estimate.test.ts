import {
  alternatives,
  defaultWorkload,
  type Estimate,
  estimate,
  MONTH_SECONDS,
  prices,
  type Workload,
} from "stratalog/cost"
import { describe, expect, it } from "vitest"

const GB = 1024 ** 3

const of = (change: Partial<Workload>) => estimate({ ...defaultWorkload, ...change }, prices)
const line = (estimated: Estimate, what: string) => {
  const found = estimated.lines.find((each) => each.what === what)
  if (found === undefined) throw new Error(`no line ${what}`)
  return found
}
const elsewhere = (name: string, change: Partial<Workload>) =>
  alternatives({ ...defaultWorkload, ...change }, prices).find((each) => each.name === name)?.dollars

describe("the estimate", () => {
  it("charges nothing for a topic that nobody uses", () => {
    expect(of({ recordsPerSecond: 0, fetchesPerSecond: 0 }).dollars).toBe(0)
  })

  it("counts commits, pages and deletes of small records", () => {
    const small = of({ recordsPerSecond: 1, recordBytes: 100, consumers: 0, producersPerPartition: 0 })
    expect(small.placement).toBe("inline")
    // Seven entries a unit; a segment's few units now and then.
    expect(line(small, "DynamoDB writes").quantity / MONTH_SECONDS).toBeCloseTo(9 / 7, 3)
    // A quiet partition makes a segment every six hours.
    expect(line(small, "S3 puts").quantity).toBeCloseTo(730 / 6)
    expect(line(small, "HTTP API").dollars).toBeCloseTo(MONTH_SECONDS * 1e-6)
  })

  it("keeps batches of a megabyte below a cent a GB, front door and storage aside", () => {
    const large = of({ recordsPerSecond: 1024, recordsPerRequest: 1000, recordBytes: 1024, consumers: 0 })
    expect(large.placement).toBe("object")
    const writing = ["DynamoDB writes", "DynamoDB reads", "S3 puts", "S3 gets"].map((what) => line(large, what).dollars)
    expect(writing.reduce((sum, dollars) => sum + dollars) / ((1024 * 1024 * MONTH_SECONDS) / GB)).toBeLessThan(0.01)
  })

  it("stores what retention keeps", () => {
    const [week, month] = [7, 28].map((days) => of({ retentionMs: days * 86_400_000 }))
    expect(line(month as Estimate, "S3 storage").quantity).toBeCloseTo(
      4 * line(week as Estimate, "S3 storage").quantity,
    )
  })

  it("asks for more partitions where one head cannot take the commits", () => {
    expect(of({ recordsPerSecond: 100, recordBytes: 100 }).partitionsNeeded).toBe(1)
    expect(of({ recordsPerSecond: 3000, recordBytes: 100 }).partitionsNeeded).toBe(4)
  })

  it("charges for waiting, and nothing for a function URL", () => {
    const wait = of({ waitMs: 1000, frontDoor: "function-url" })
    expect(line(wait, "HTTP API").dollars).toBe(0)
    // One fetch a second that waits a second, in half a GB.
    const more = line(wait, "Lambda time").quantity - line(of({}), "Lambda time").quantity
    expect(more).toBeCloseTo(MONTH_SECONDS / 2)
  })

  it("sums its lines", () => {
    const estimated = of({ recordsPerSecond: 50, recordsPerRequest: 10 })
    expect(estimated.lines.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(estimated.dollars)
  })
})

describe("elsewhere", () => {
  const idle = { recordsPerSecond: 0, fetchesPerSecond: 0 }

  it("an idle stream costs by the hour", () => {
    expect(elsewhere("Kinesis on demand", idle)).toBeCloseTo(730 * 0.04)
    expect(elsewhere("Kinesis provisioned", { ...idle, retentionMs: 86_400_000 })).toBeCloseTo(730 * 0.015)
    expect(elsewhere("MSK Serverless", { ...idle, partitions: 10 })).toBeCloseTo(730 * (0.75 + 0.015))
  })

  it("Kinesis counts whole KiB of a record", () => {
    const rate = { recordsPerSecond: 100, consumers: 0, retentionMs: 86_400_000 }
    const small = elsewhere("Kinesis on demand", { ...rate, recordBytes: 100 })
    expect(small).toBe(elsewhere("Kinesis on demand", { ...rate, recordBytes: 1024 }))
    expect(small).toBeCloseTo(730 * 0.04 + ((100 * 1024 * MONTH_SECONDS) / GB) * 0.08)
  })

  it("a shard takes 1,000 records a second", () => {
    const rate = { recordBytes: 100, retentionMs: 86_400_000 }
    const shards = (recordsPerSecond: number) =>
      ((elsewhere("Kinesis provisioned", { ...rate, recordsPerSecond }) ?? 0) -
        recordsPerSecond * MONTH_SECONDS * 0.014e-6) /
      (730 * 0.015)
    expect(shards(1000)).toBeCloseTo(1)
    expect(shards(1001)).toBeCloseTo(2)
  })
})
