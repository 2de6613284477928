/** An object that is not what was written is an error that names it, never a record that is skipped or changed. */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { describeOnDynamoDb } from "./dynamodb.ts"
import { type FaultySubject, faultySubject } from "./faulty-service.ts"

/** Each makes of the object's bytes what is found in its place. */
const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  "with one bit turned over": (bytes) => {
    const at = bytes.length >> 1
    return Buffer.concat([bytes.subarray(0, at), Buffer.of((bytes[at] ?? 0) ^ 1), bytes.subarray(at + 1)])
  },
  "that ends early": (bytes) => bytes.subarray(0, bytes.length >> 1),
  "that is empty": () => Buffer.alloc(0),
}

describeOnDynamoDb("a damaged object", () => {
  let subject: FaultySubject
  beforeAll(async () => {
    subject = await faultySubject()
  })
  afterAll(() => subject.dispose())

  const recordsOf = (topic: string) => `/v1/topics/${topic}/partitions/0/records`

  /** A topic with two records, each of them too large for DynamoDB. */
  async function topicWithObjects(): Promise<string> {
    const topic = await subject.newTopic()
    for (const letter of ["a", "b"]) {
      const records = [{ value: letter.repeat(450_000) }]
      const sent = await subject.another().send("POST", recordsOf(topic), { records, valueFormat: "utf8" })
      expect(sent.status).toBe(200)
    }
    return topic
  }

  async function keys(prefix: string): Promise<Set<string>> {
    const { client, bucket } = subject.bucket
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
    return new Set(Contents.map(({ Key = "" }) => Key))
  }

  async function replace(key: string, change: (bytes: Buffer) => Buffer): Promise<Buffer> {
    const { client, bucket: Bucket } = subject.bucket
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }))
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
    await client.send(new PutObjectCommand({ Bucket, Key: key, Body: change(bytes) }))
    return bytes
  }

  async function namesWhatIsDamaged(topic: string, key: string): Promise<void> {
    const readers = { read: () => subject.another().send("GET", `${recordsOf(topic)}?offset=0&valueFormat=utf8`) }
    expect(await readers.read()).toMatchObject({ status: 200 })
    for (const [name, damage] of Object.entries(damages)) {
      const bytes = await replace(key, damage)
      const { status, body } = await readers.read()
      expect([status, body["code"]], name).toEqual([500, "corrupt_log"])
      expect(body["detail"], name).toContain(key)
      await replace(key, () => bytes)
    }
    expect(await readers.read()).toMatchObject({ status: 200 })
  }

  describe("of a batch that was placed", () => {
    it("is named", async () => {
      const before = await keys("batches/")
      const topic = await topicWithObjects()
      const [first = ""] = [...(await keys("batches/"))].filter((key) => !before.has(key)).sort()
      await namesWhatIsDamaged(topic, first)
    })
  })

  describe("of a segment", () => {
    it("is named", async () => {
      const topic = await topicWithObjects()
      // Small records behind them, so that they leave the tail.
      const small = { records: [{ value: "c".repeat(700) }], valueFormat: "utf8" }
      const service = subject.another()
      for (let times = 0; times < 40; times++) await service.send("POST", recordsOf(topic), small)
      const before = await keys("segments/")
      const upkeep = { segmentBytes: 65_536, minTierAgeMs: -60_000, maxTierAgeMs: -60_000 }
      const { report } = await subject.another({ upkeep }).upkeep({ until: Number.POSITIVE_INFINITY, sweep: false })
      expect(report).toMatchObject({ failures: [] })
      expect(report.tieredRecords).toBeGreaterThanOrEqual(2)
      const made = [...(await keys("segments/"))].filter((key) => !before.has(key))
      const first = made.filter((key) => key.includes("/0/00000000000000000000-")).at(-1) ?? ""
      await namesWhatIsDamaged(topic, first)
    })
  })
})
