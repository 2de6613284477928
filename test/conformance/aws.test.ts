/** The conformance suite against the server on DynamoDB and S3, in a process of its own. */
import { randomUUID } from "node:crypto"
import { limits } from "stratalog/protocol"
import { afterAll, beforeAll, expect, it } from "vitest"
import { describeOnDynamoDb } from "../aws/dynamodb.ts"
import { awsEnvironment } from "../aws/environment.ts"
import { type S3ForTests, startS3ForTests } from "../aws/s3.ts"
import { type ServerProcess, spawnServer } from "../torture/server-process.ts"
import { cases } from "./cases/index.ts"
import type { Target } from "./context.ts"
import { openTarget, runCase } from "./run.ts"

/** Tests are made before the server tells its limits. */
const asServed = { ...limits, configDelayMs: 1_000, accessDelayMs: 5_000 }

describeOnDynamoDb("the server on DynamoDB and S3 keeps the contract", () => {
  let s3: S3ForTests
  let server: ServerProcess
  let target: Target

  beforeAll(async () => {
    s3 = await startS3ForTests()
    const name = `stratalog-test-${randomUUID()}`
    const args = ["--storage", "aws", "--table", name, "--bucket", name, "--create"]
    server = spawnServer({ dataDir: "unused", args, env: awsEnvironment(s3.endpoint) })
    const url = await server.ready
    if (url === undefined) throw new Error(`the server did not start: ${server.output()}`)
    target = await openTarget(url)
    expect(target.limits).toEqual(asServed)
  })

  afterAll(async () => {
    target?.client.close()
    await server?.kill()
    await s3?.stop()
  })

  cases.forEach((each, number) => {
    if (each.unless?.({ limits: asServed, gateway: false, access: "off" }) !== undefined) return
    // Each has names of its own, and most of its time is spent waiting for DynamoDB.
    it.concurrent(each.name, () => runCase(target, each, number))
  })
})
