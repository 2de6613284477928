/** A table and a bucket that the former format's last version wrote, opened by this one. */
import { readFile } from "node:fs/promises"
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "../aws/dynamodb.ts"
import { type S3ForTests, startS3ForTests, type TemporaryBucket, temporaryBucket } from "../aws/s3.ts"
import { openAwsService } from "./aws-service.ts"
import { type Expected, fixturePaths, loadExpected } from "./fixture.ts"
import { groupGoesOn, limitsHold, producersGoOn, readsTheSame, upkeepGoesOn } from "./goes-on.ts"
import type { Service } from "./service.ts"
import { linesToItems, loadObjects, readItems, writeItems, writeObjects } from "./table-dump.ts"

/** It asks for much, on a machine that may be busy. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describeOnDynamoDb("a table and a bucket of format 1", () => {
  const { root, items, objects } = fixturePaths(1)
  let s3: S3ForTests
  let table: TemporaryTable
  let bucket: TemporaryBucket
  let expected: Expected

  beforeAll(async () => {
    s3 = await startS3ForTests()
  })
  afterAll(() => s3.stop())
  beforeEach(async () => {
    table = await temporaryTable()
    bucket = await temporaryBucket(s3.endpoint)
    expected = await loadExpected(root, "aws")
    await writeItems(table.clients.repeating, table.table, linesToItems(await readFile(items, "utf8")))
    await writeObjects(bucket.client, bucket.bucket, await loadObjects(objects))
  })
  afterEach(async () => {
    await table.dispose()
    await bucket.dispose()
  })

  /** At the time of the fixture, or its members would have been silent for too long. */
  const open = (): Service => openAwsService({ ...table, ...bucket }, expected.writtenAt - Date.now())

  it("are read byte for byte, and go on: producers, fences, groups, upkeep", async () => {
    const service = open()
    await readsTheSame(service, expected)
    await limitsHold(service)
    await producersGoOn(service, expected)
    await groupGoesOn(service, expected)
    await upkeepGoesOn(service, expected)
    await limitsHold(open())
  })

  it("may have attributes that a later version added: they change nothing, and stay where items are updated", async () => {
    const { clients, table: name } = table
    const changed = (await readItems(clients.repeating, name)).map((item) => ({ ...item, later: { S: "z" } }))
    await writeItems(clients.repeating, name, changed)
    const service = open()
    await readsTheSame(service, expected)
    await producersGoOn(service, expected)
    await groupGoesOn(service, expected)
    const left = await readItems(clients.repeating, name)
    const kept = left.filter(
      ({ pk, later }) => /^(h\/|g\/|topics$|producer-ids$)/.test(pk?.S ?? "") && later === undefined,
    )
    expect(kept).toEqual([])
  })

  it("are read byte for byte after upkeep, too", async () => {
    const service = open()
    await upkeepGoesOn(service, expected)
    await limitsHold(service)
    await producersGoOn(service, expected)
  })
})
