/**
 * A table is taken back to an earlier time, as point-in-time recovery does, while the log went on: upkeep moved, merged,
 * compacted and expired what the earlier table refers to, and removed its objects. Then they are brought back.
 */
import { DeleteItemCommand } from "@aws-sdk/client-dynamodb"
import { PutBucketVersioningCommand } from "@aws-sdk/client-s3"
import { portableCrc32c } from "stratalog/record-batch"
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest"
import { type PartitionReport, restoreAll } from "../../functions/restore/restore-all.ts"
import type { RestoreOptions } from "../../functions/restore/restore-partition.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { createSegmentIndex } from "../../functions/storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../../functions/storage/aws/dynamodb/topics.ts"
import { createObjectHistories } from "../../functions/storage/aws/s3/object-histories.ts"
import { createS3ObjectStore } from "../../functions/storage/aws/s3/object-store.ts"
import { startStrata } from "../fakes/strata-process.ts"
import { openAwsService } from "../formats/aws-service.ts"
import { observeGroup, observeTopic } from "../formats/observe.ts"
import { append, fill, GROUP, TOPICS } from "../formats/scenario.ts"
import { call, type Service } from "../formats/service.ts"
import { type Item, readItems, readObjects, writeItems } from "../formats/table-dump.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { awsEnvironment } from "./environment.ts"
import { type S3ForTests, startS3ForTests, type TemporaryBucket, temporaryBucket } from "./s3.ts"

/** It asks for much, and DynamoDB Local shares the machine. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const ALL: RestoreOptions = { dryRun: false, read: "all" }

let s3: S3ForTests

describeOnDynamoDb("a log that goes back to an earlier time", () => {
  let before: TemporaryTable
  let restored: TemporaryTable
  let bucket: TemporaryBucket
  let then: unknown
  let itemsThen: readonly Item[]

  beforeAll(async () => {
    s3 = await startS3ForTests()
  })
  afterAll(() => s3.stop())

  beforeEach(async () => {
    before = await temporaryTable()
    restored = await temporaryTable()
    bucket = await versionedBucket()
    const service = openAwsService({ ...before, ...bucket })
    await fill(service)
    then = await everything(service)
    itemsThen = await readItems(before.clients.repeating, before.table)
    await goOn(service)
    await writeItems(restored.clients.repeating, restored.table, itemsThen)
  })
  afterEach(async () => {
    await before.dispose()
    await restored.dispose()
    await bucket.dispose()
  })

  async function versionedBucket(): Promise<TemporaryBucket> {
    const made = await temporaryBucket(s3.endpoint)
    const enabled = { Bucket: made.bucket, VersioningConfiguration: { Status: "Enabled" as const } }
    await made.client.send(new PutBucketVersioningCommand(enabled))
    return made
  }

  /** Writes more of everything, and lets upkeep take away what it does not need any more. */
  async function goOn(service: Service): Promise<void> {
    for (let count = 0; count < 30; count += 1) {
      await append(service, "orders", count % 3, `later ${count} ${"z".repeat(90)}`)
      await append(service, "keys", 0, `later ${count} ${"z".repeat(90)}`)
    }
    for (let count = 0; count < 40; count += 1) await append(service, "large", 0, `later ${"z".repeat(9_000)}`)
    for (const partition of [1, 2]) {
      await call(service, "DELETE", `/v1/topics/orders/partitions/${partition}/records?before=latest`)
    }
    await call(service, "DELETE", "/v1/topics/many")
    for (let round = 0; round < 3; round += 1) await service.upkeep()
  }

  const openRestored = () => openAwsService({ ...restored, ...bucket })

  async function restore(options: RestoreOptions, target = bucket.bucket): Promise<PartitionReport[]> {
    const { client } = bucket
    const access = restored
    const deps = {
      index: createPartitionIndex(access),
      segments: createSegmentIndex(access),
      topics: createTopicStore(access.clients, access.table),
      histories: createObjectHistories({ client, bucket: bucket.bucket, target }),
      objects: createS3ObjectStore({ client, bucket: target }),
      isSameBucket: target === bucket.bucket,
      crc32c: portableCrc32c,
    }
    const reports: PartitionReport[] = []
    for await (const report of restoreAll(deps, options)) reports.push(report)
    return reports
  }

  it("has lost objects; is tried out in another bucket; is whole once they are back, byte for byte, and goes on", async () => {
    const left = await readObjects(bucket.client, bucket.bucket)
    await expect(everything(openRestored())).rejects.toThrow(/corrupt_log|500/)
    const other = await temporaryBucket(s3.endpoint)
    const rehearsed = sum(await restore(ALL, other.bucket))
    const { objects } = rehearsed
    expect(rehearsed).toMatchObject({ present: 0, losses: [], broughtBack: objects, checked: objects })
    expect(await everything(openAwsService({ ...restored, ...other }))).toEqual(then)
    expect(sum(await restore(ALL, other.bucket))).toMatchObject({ broughtBack: 0, losses: [] })
    await other.dispose()
    const tried = sum(await restore({ dryRun: true, read: "all" }))
    expect(tried.broughtBack).toBeGreaterThan(5)
    expect(await readObjects(bucket.client, bucket.bucket)).toEqual(left)

    const [first, second] = await Promise.all([restore(ALL), restore(ALL)])
    expect([sum(first).losses, sum(second).losses]).toEqual([[], []])
    const again = sum(await restore(ALL))
    expect(again).toMatchObject({ broughtBack: 0, losses: [], checked: again.objects, present: again.objects })
    const service = openRestored()
    expect(await everything(service)).toEqual(then)
    await append(service, "orders", 0, "goes on")
    await service.upkeep()
    const { offsets } = await call<{ offsets: object[] }>(service, "GET", "/v1/topics/orders/offsets?partition=0")
    expect(offsets[0]).toMatchObject({ highWatermark: 37 })
  })

  it("is brought back by `strata restore`, which says what it did, and what nobody has any more", async () => {
    const names = ["--table", restored.table, "--bucket", bucket.bucket]
    const tried = await strata(["restore", ...names, "--dry-run"])
    expect(tried.stdout).toMatch(/partitions refer to \d+ objects .*[1-9]\d* can be brought back, 0 cannot be had/s)
    const done = await strata(["restore", ...names, "--json"])
    expect(done.code).toBe(0)
    expect(JSON.parse(done.stdout)).toMatchObject({ dryRun: false, losses: [], failures: [] })
    const [lost = "", damaged = "", hidden = ""] = segmentsThen()
    const objects = createS3ObjectStore(bucket)
    const whole = await objects.get(damaged)
    if (whole.kind !== "object") throw new Error("it was not brought back")
    await forgetVersions(lost)
    await forgetVersions(damaged)
    await objects.put(damaged, [whole.bytes.map((byte, at) => (at === 70 ? byte ^ 1 : byte))])
    await objects.put(hidden, [new Uint8Array(3)])
    const incomplete = await strata(["restore", ...names, "--read-all"])
    expect(incomplete.code).toBe(1)
    expect(incomplete.stdout).toContain(`the bucket has no version of ${lost}`)
    expect(incomplete.stdout).toMatch(new RegExp(`LOST +offsets \\d+ to \\d+: the CRC-32C of ${damaged} is`))
    // Below what was put there last lies the right version.
    expect(incomplete.stdout).toContain(" 1 were brought back, 1 cannot be had")
    const nowhere = await strata(["restore", "--table", "none-of-this-name", "--bucket", bucket.bucket])
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining("none-of-this-name does not exist")])
  })

  it("is told which offsets the table itself lost, as a restored table is of no one moment", async () => {
    const { clients, table } = restored
    const lost = ["p/", "i/"].map((kind) => itemsThen.find(({ pk }) => pk?.S?.startsWith(kind)))
    for (const item of lost) {
      const { pk, sk } = item ?? {}
      if (pk === undefined || sk === undefined) throw new Error("there is no such item")
      await clients.repeating.send(new DeleteItemCommand({ TableName: table, Key: { pk, sk } }))
    }
    const { losses } = sum(await restore({ dryRun: false, read: "brought-back" }))
    expect(losses.map(({ what }) => what)).toEqual(["index", "index"])
    expect(losses.map(({ detail }) => detail).sort()).toEqual([
      "no segment or page of the table holds these offsets",
      expect.stringContaining("the table has no item"),
    ])
  })

  function segmentsThen(): readonly string[] {
    return itemsThen.flatMap(({ pk, k }) => (pk?.S?.startsWith("s/") && k?.S !== undefined ? [k.S] : []))
  }

  async function forgetVersions(key: string): Promise<void> {
    const { client } = bucket
    const histories = createObjectHistories({ client, bucket: bucket.bucket, target: bucket.bucket })
    const found = await histories.list(key)
    if (found.kind !== "histories") throw new Error(found.detail)
    const history = found.byKey.get(key)
    const ids = [...(history?.markers ?? []), ...(history?.versions ?? []).map(({ id }) => id)]
    // What takes marks away takes versions, too.
    await histories.removeMarkers(key, ids)
  }
})

function strata(args: readonly string[]) {
  return startStrata(args, { env: awsEnvironment(s3.endpoint) }).exited
}

async function everything(service: Service): Promise<unknown> {
  const topics = []
  for (const topic of TOPICS) topics.push(...(await observeTopic(service, topic)))
  return { topics, group: (await observeGroup(service, GROUP)).offsets }
}

function sum(reports: readonly PartitionReport[]) {
  const total = { objects: 0, present: 0, broughtBack: 0, checked: 0, losses: [] as { what: string; detail: string }[] }
  for (const { outcome } of reports) {
    if (outcome.kind !== "restored") throw new Error(JSON.stringify(outcome))
    total.objects += outcome.objects
    total.present += outcome.present
    total.broughtBack += outcome.broughtBack
    total.checked += outcome.checked
    total.losses.push(...outcome.losses)
  }
  return total
}
