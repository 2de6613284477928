/** Members served by processes whose clocks are far apart: they may lose their place, and never more than that. */
import { limits, polled } from "stratalog/protocol"
import { afterAll, beforeAll, expect, it } from "vitest"
import { apiService, type Service } from "./api-service.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { type S3ForTests, startS3ForTests, type TemporaryBucket, temporaryBucket } from "./s3.ts"

const SKEW_MS = 600_000
const TOPIC = "orders"

describeOnDynamoDb("members of a group, one served ten minutes behind and one ten minutes ahead,", () => {
  let made: TemporaryTable
  let s3: S3ForTests
  let bucket: TemporaryBucket
  let behind: Service
  let ahead: Service
  beforeAll(async () => {
    made = await temporaryTable()
    s3 = await startS3ForTests()
    bucket = await temporaryBucket(s3.endpoint)
    const parts = { clients: made.clients, table: made.table, client: bucket.client, bucket: bucket.bucket }
    behind = apiService(parts, { limits, skewMs: -SKEW_MS })
    ahead = apiService(parts, { limits, skewMs: SKEW_MS })
    await ahead.send("PUT", `/v1/topics/${TOPIC}`, { partitions: 2 })
    for (const partition of [0, 1]) {
      const records = Array.from({ length: 20 }, (_, value) => ({ value }))
      await ahead.send("POST", `/v1/topics/${TOPIC}/partitions/${partition}/records`, { records })
    }
  })
  afterAll(async () => {
    await bucket?.dispose()
    await s3?.stop()
    await made?.dispose()
  })

  const poll = (service: Service, memberId: string, offset?: number) => {
    const commit = [{ topic: TOPIC, partition: 0, offset }]
    const body = { topics: [TOPIC], maxRecords: 1, ...(offset !== undefined && { commit }) }
    return service.send("POST", `/v1/groups/billing/members/${memberId}/poll`, body)
  }
  const partitionsOf = (body: unknown) => polled.parse(body).assignment.flatMap(({ partitions }) => partitions)

  it("take each other's place, and whoever lost it commits nothing", async () => {
    for (let round = 0; round < 5; round++) {
      expect((await poll(behind, "m1")).status).toBe(200)
      const taken = await poll(ahead, "m2")
      expect(partitionsOf(taken.body), `round ${round}`).toEqual([0, 1])
      expect(await poll(behind, "m1", 20)).toMatchObject({ status: 404, body: { code: "member_not_found" } })
      expect((await poll(ahead, "m2", round + 1)).status).toBe(200)
      const { body } = await behind.send("GET", "/v1/groups/billing/offsets")
      expect(body["offsets"]).toMatchObject([{ partition: 0, offset: round + 1 }])
    }
  })

  it("share the partitions once their clocks agree", async () => {
    const rounds = Array.from({ length: 6 })
    let shares: (readonly number[])[] = []
    for (const _ of rounds) {
      shares = []
      for (const memberId of ["m1", "m2"]) shares.push(partitionsOf((await poll(ahead, memberId)).body))
      expect(new Set(shares.flat()).size, "nobody has what another has").toBe(shares.flat().length)
    }
    expect(shares.map(({ length }) => length)).toEqual([1, 1])
  })
})
