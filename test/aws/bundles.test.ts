/** The functions as they are bundled, in processes of their own: what was left out or loads late is there when it is wanted. */
import { execFile } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { bundle } from "../../infra/bundle.ts"
import type { EntryName } from "../../infra/entries.ts"
import { describeOnDynamoDb, dynamoDbEndpoint, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { type S3ForTests, startS3ForTests, type TemporaryBucket, temporaryBucket } from "./s3.ts"

/** One environment answers all events, one after another. */
const ENVIRONMENT = `
  const { handler } = await import(process.argv[1])
  const answers = []
  for (const event of JSON.parse(process.argv[2])) {
    answers.push(await handler(event, { awsRequestId: "r", getRemainingTimeInMillis: () => 29_000 }))
  }
  process.stdout.write(JSON.stringify(answers), () => process.exit())`

const request = (method: string, rawPath: string, body?: unknown) => ({
  version: "2.0",
  rawPath,
  rawQueryString: "",
  headers: { "content-type": "application/json" },
  requestContext: {
    stage: "$default",
    http: { method },
    authorizer: { iam: { userArn: "arn:aws:iam::123456789012:user/alice" } },
  },
  ...(body !== undefined && { body: JSON.stringify(body), isBase64Encoded: false }),
})

describeOnDynamoDb("a function's bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "stratalog-bundles-"))
  let table: TemporaryTable
  let s3: S3ForTests
  let bucket: TemporaryBucket

  beforeAll(async () => {
    table = await temporaryTable()
    s3 = await startS3ForTests()
    bucket = await temporaryBucket(s3.endpoint)
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await bucket.dispose()
    await s3.stop()
    await table.dispose()
  })

  async function answers(
    entry: EntryName,
    events: readonly unknown[],
    auth = "iam",
  ): Promise<readonly { readonly body: string; readonly key?: string }[]> {
    const out = join(folder, entry)
    if (!existsSync(out)) bundle(entry, out)
    const env = {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "AKIAFUNCTION",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint(),
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      STRATALOG_TABLE: table.table,
      STRATALOG_BUCKET: bucket.bucket,
      STRATALOG_VERSION: "1.2.3",
      STRATALOG_AUTH: auth,
    }
    const script = ["--input-type=module", "-e", ENVIRONMENT, join(out, "index.mjs"), JSON.stringify(events)]
    const { stdout } = await promisify(execFile)(process.execPath, script, { env, maxBuffer: 16 * 1024 * 1024 })
    return JSON.parse(stdout)
  }

  it("serves the whole API, with S3's client once an object is there, and the pages about it", async () => {
    const records = "/v1/topics/orders/partitions/0/records"
    const large = "x".repeat(80_000)
    const [made, small, placed, read, ...pages] = await answers("api", [
      request("PUT", "/v1/topics/orders", { partitions: 1 }),
      request("POST", records, { records: [{ value: "small" }] }),
      request("POST", records, { records: [{ value: large }] }),
      { ...request("GET", records), rawQueryString: "offset=0" },
      request("GET", "/docs"),
      request("GET", "/docs/errors"),
      request("GET", "/docs/assets/1.2.3/swagger-ui.css"),
    ])
    expect(made).toMatchObject({ statusCode: 201 })
    expect(small).toMatchObject({ statusCode: 200 })
    expect(placed).toMatchObject({ statusCode: 200 })
    const values = JSON.parse(read?.body ?? "{}").records.map(({ value }: { readonly value: string }) => value)
    expect(values).toEqual(["small", large])
    expect(pages).toEqual(Array(3).fill(expect.objectContaining({ statusCode: 200 })))
  })

  it("makes the first key, and lets in who sends it", async () => {
    const list = request("GET", "/v1/keys")
    const [without, first, second] = await answers("admin", [list, { firstKey: {} }, { firstKey: {} }], "key")
    expect(without).toMatchObject({ statusCode: 401 })
    expect(second).toEqual({ error: expect.stringContaining("made already") })
    const authorization = `Bearer ${first?.key}`
    const [found] = await answers("admin", [{ ...list, headers: { authorization } }], "key")
    expect(found).toMatchObject({ statusCode: 200, body: expect.stringContaining("User:admin") })
    expect(found?.body).not.toContain(first?.key?.slice(-43))
    const [signed] = await answers("admin", [list], "both")
    expect(signed).toMatchObject({ statusCode: 200 })
  })

  it("keeps the log up", async () => {
    const [report] = await answers("upkeep", [{ sweep: true }])
    expect(JSON.stringify(report ?? null)).not.toContain("errorMessage")
  })
})
