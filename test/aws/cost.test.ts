/** What the log asks of DynamoDB and S3 is counted, and what it may ask for is bounded: `npm run cost` measures more of it. */
import {
  defaultWorkload,
  estimate,
  lookRequests,
  MONTH_SECONDS,
  pollUnits,
  prices,
  REST_REQUESTS,
} from "stratalog/cost"
import { afterAll, beforeAll, expect, it } from "vitest"
import { appendRun, batchBytes, warmUp } from "../bench/cost/appends.ts"
import { Meter } from "../bench/cost/meter.ts"
import { isReached, type Measured } from "../bench/cost/report.ts"
import { type Stage, stageOn } from "../bench/cost/stage.ts"
import { allRequests, difference, requestsOf } from "../bench/cost/usage.ts"
import { busyPolls, heartbeats, idlePolls } from "../bench/cost/workloads/groups.ts"
import { reads } from "../bench/cost/workloads/reads.ts"
import { coalesced, sequential, wholeLife } from "../bench/cost/workloads/small-appends.ts"
import { upkeepAtRest } from "../bench/cost/workloads/upkeep.ts"
import { look } from "../bench/cost/workloads/watch.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { type S3ForTests, startS3ForTests, type TemporaryBucket, temporaryBucket } from "./s3.ts"

describeOnDynamoDb("the cost of the log on DynamoDB and S3", () => {
  let table: TemporaryTable
  let s3: S3ForTests
  let bucket: TemporaryBucket
  let stage: Stage

  beforeAll(async () => {
    const meter = new Meter()
    table = await temporaryTable(meter.watchDynamoDb)
    s3 = await startS3ForTests()
    bucket = await temporaryBucket(s3.endpoint)
    meter.watchS3(bucket.client)
    stage = stageOn({ meter, clients: table.clients, table: table.table, client: bucket.client, bucket: bucket.bucket })
  })
  afterAll(async () => {
    await bucket?.dispose()
    await s3?.stop()
    await table?.dispose()
  })

  const missed = (...measured: readonly Measured[]) =>
    measured.flatMap(({ workload, bars }) => bars.filter((bar) => !isReached(bar)).map((bar) => ({ workload, bar })))

  const unitsOf = ({ usage, count }: Measured) => {
    return { writeUnits: usage.writeUnits / count, readUnits: usage.readUnits / count }
  }

  it("of small appends one after another stays within the bars, with and without an idempotent producer", async () => {
    const [plain, idempotent] = [await sequential(stage, 140, false), await sequential(stage, 140, true)]
    expect(plain.bars).toHaveLength(4)
    expect(missed(plain, idempotent)).toEqual([])
  })

  it("of small appends that come at once is shared", async () => {
    const [cost, latency] = [await coalesced(stage, 256, "cost"), await coalesced(stage, 256, "latency")]
    expect(missed(cost, latency)).toEqual([])
  })

  it("of a small append in its whole life, segment and deletes included, is at most a unit and a half", async () => {
    const { usage, count } = await wholeLife(stage, 140)
    expect(usage.writeUnits / count).toBeLessThan(1.5)
    expect(requestsOf(usage, "PutObject")).toBe(1)
  })

  it.each([
    [200, "cost"],
    [400, "latency"],
    [2_000, "cost"],
  ] as const)(
    "of %i bytes with placement=%s is what the estimate says, within a tenth",
    async (recordBytes, placement) => {
      const workload = { ...defaultWorkload, recordBytes, placement, producersPerPartition: 0, consumers: 0 }
      const { lines } = estimate({ ...workload, recordsPerSecond: 1 }, prices)
      const estimated = (lines.find(({ what }) => what === "DynamoDB writes")?.quantity ?? 0) / MONTH_SECONDS
      const { usage, count } = await wholeLife(stage, 126, { records: 1, recordBytes, placement })
      expect(usage.writeUnits / count / estimated).toBeGreaterThan(0.9)
      expect(usage.writeUnits / count / estimated).toBeLessThan(1.1)
    },
  )

  it("of a megabyte is one PUT and one update, and a cent a GB with the segment it becomes", async () => {
    const partition = await stage.newPartition()
    const { log } = stage.open({ rollInBackground: false })
    const shape = { records: 1, recordBytes: 1024 ** 2 - 100 }
    await warmUp(log, partition, shape)
    const { usage } = await appendRun({ meter: stage.meter, partition, shape, appends: 3, appenders: [log] })
    expect(usage.requests).toEqual(
      new Map([
        ["PutObject", 3],
        ["UpdateItem", 3],
      ]),
    )
    expect(usage.writeUnits).toBe(3)
    expect(usage.bytesPut).toBe(3 * batchBytes(shape))
  })

  it("of a fetch is the same in a short log and in a long one, and one read unit at the tail", async () => {
    const [short, long] = [await reads(stage, 100, 3), await reads(stage, 5_000, 3)]
    expect(missed(...short, ...long)).toEqual([])
    const requests = (measured: readonly Measured[]) => measured.map(({ usage }) => allRequests(usage))
    expect(requests(long)).toEqual(requests(short))
  })

  it("of members of a group that wait for records is a write unit, a read unit and one for each partition", async () => {
    const shape = { members: 2, partitions: 6 }
    const [beats, idle] = [await heartbeats(stage, shape, 2), await idlePolls(stage, shape, 2)]
    expect([...beats.bars, ...idle.bars].map(({ value }) => value)).toEqual([1, 1, 1, 4])
    expect(missed(beats, idle)).toEqual([])
    expect(unitsOf(idle)).toEqual(pollUnits({ partitions: 3, isBusy: false, waitMs: 0 }))
  })

  it("of members of a group that commit is two write units, for up to thirty-two partitions", async () => {
    const busy = await busyPolls(stage, { members: 2, partitions: 32 }, 2)
    expect(busy.bars.map(({ value }) => value)).toEqual([2])
    expect(unitsOf(busy)).toEqual(pollUnits({ partitions: 16, isBusy: true, waitMs: 0 }))
  })

  it.each(["upkeep", "sweep"] as const)(
    "of %s where there is nothing to do is what the estimate says",
    async (kind) => {
      const { usage, count } = await upkeepAtRest(stage, { partitions: 8, sweep: kind === "sweep" })
      const lists = requestsOf(usage, "ListObjectsV2")
      expect({ reads: (allRequests(usage) - lists) / count, lists: lists / count }).toEqual(REST_REQUESTS[kind])
      expect(usage.writeUnits).toBe(0)
    },
  )

  it("of a look of strata top is what the estimate says", async () => {
    // Other groups would be in its list.
    const meter = new Meter()
    const own = await temporaryTable(meter.watchDynamoDb)
    const { client, bucket: name } = bucket
    const alone = stageOn({ meter, clients: own.clients, table: own.table, client, bucket: name })
    const shape = { topics: 3, partitions: 4, groups: 5 }
    const measured = await look(alone, shape)
    await own.dispose()
    expect(measured.bars.map(({ value }) => value)).toEqual(Object.values(lookRequests(shape)))
    expect(measured.usage.writeUnits).toBe(0)
  })

  it("counts every attempt, also those that the client repeats by itself", async () => {
    const partition = await stage.newPartition()
    const { deps } = stage.open()
    let failures = 1
    table.clients.repeating.middlewareStack.add(
      (next) => async (args) => {
        if (failures-- > 0) throw Object.assign(new Error("try again"), { name: "ThrottlingException", $retryable: {} })
        return next(args)
      },
      { step: "deserialize", priority: "low", name: "failOnce" },
    )
    const before = stage.meter.usage()
    expect(await deps.index.head(partition)).toMatchObject({ kind: "head" })
    table.clients.repeating.middlewareStack.remove("failOnce")
    expect(requestsOf(difference(stage.meter.usage(), before), "GetItem")).toBe(2)
  })

  it("of a log that nobody calls is nothing", async () => {
    const partition = await stage.newPartition()
    const { log } = stage.open()
    await warmUp(log, partition, { records: 1, recordBytes: 100 })
    const before = stage.meter.usage()
    // Whatever it had set going without being asked would come sooner than this.
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(allRequests(difference(stage.meter.usage(), before))).toBe(0)
  })
})
