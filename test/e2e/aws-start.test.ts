/** What a person reads who starts the server on DynamoDB and S3 and has not everything in place. */
import { randomUUID } from "node:crypto"
import { tmpdir } from "node:os"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { describeOnDynamoDb } from "../aws/dynamodb.ts"
import { awsEnvironment } from "../aws/environment.ts"
import { type S3ForTests, startS3ForTests } from "../aws/s3.ts"
import { spawnServer } from "../torture/server-process.ts"

/** Nothing of this machine's own settings. */
const nothing = {
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
  AWS_ENDPOINT_URL: undefined,
  AWS_CONFIG_FILE: `${tmpdir()}/none-of-this-name`,
  AWS_SHARED_CREDENTIALS_FILE: `${tmpdir()}/none-of-this-name`,
  AWS_EC2_METADATA_DISABLED: "true",
}
const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" }

async function started(args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
  const server = spawnServer({
    dataDir: "unused",
    args: ["--storage", "aws", ...args],
    env: { ...nothing, ...env },
  })
  const url = await server.ready
  const { code } = url === undefined ? await server.exited : await server.stop()
  return { serves: url !== undefined, code, output: server.output() }
}

const named = ["--table", "stratalog", "--bucket", "stratalog"]

describe("a start without", () => {
  it("names is refused", async () => {
    const { code, output } = await started([], {})
    expect(code).toBe(2)
    expect(output).toMatch(/^--storage aws needs .*--table NAME --bucket NAME.*\n$/)
  })

  it("a region is refused", async () => {
    const { code, output } = await started(named, keys)
    expect([code, output.split("\n").length]).toEqual([1, 2])
    expect(output).toContain("AWS_REGION")
  })

  it("credentials is refused", async () => {
    const { code, output } = await started(named, { AWS_REGION: "us-east-1" })
    expect([code, output.split("\n").length]).toEqual([1, 2])
    expect(output).toContain("AWS_ACCESS_KEY_ID")
  })

  it("anybody at the address is refused", async () => {
    const nowhere = "http://127.0.0.1:9"
    const env = { ...keys, AWS_REGION: "us-east-1", AWS_ENDPOINT_URL_DYNAMODB: nowhere, AWS_ENDPOINT_URL_S3: nowhere }
    const { code, output } = await started(named, env)
    expect([code, output.split("\n").length]).toEqual([1, 2])
    expect(output).toContain("127.0.0.1:9")
  })
})

describeOnDynamoDb("a start with DynamoDB and S3 there", () => {
  const name = `stratalog-test-${randomUUID()}`
  const args = ["--table", name, "--bucket", name]
  let s3: S3ForTests
  beforeAll(async () => {
    s3 = await startS3ForTests()
  })
  afterAll(() => s3.stop())

  it("is refused while there is no table, makes both where told to, and finds them afterwards", async () => {
    const env = awsEnvironment(s3.endpoint)
    const refused = await started(args, env)
    expect([refused.code, refused.output.split("\n").length]).toEqual([1, 2])
    expect(refused.output).toMatch(new RegExp(`table ${name} does not exist.*--create`))
    const made = await started([...args, "--create"], env)
    expect(made).toMatchObject({ serves: true, code: 0 })
    expect(made.output).toContain(`DynamoDB table ${name} and S3 bucket ${name}`)
    expect(await started(args, env)).toMatchObject({ serves: true, code: 0 })
    const elsewhere = await started(["--table", name, "--bucket", `${name}-none`], env)
    expect(elsewhere.output).toMatch(/bucket .*-none does not exist.*--create/)
  })
})
