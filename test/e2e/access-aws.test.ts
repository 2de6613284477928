/** Servers that ask for keys over one table: they make one first key, and each learns what the other changes. */
import { randomUUID } from "node:crypto"
import { setTimeout as delay } from "node:timers/promises"
import type { CreatedKey, Limits } from "stratalog/protocol"
import { afterAll, beforeAll, expect, it } from "vitest"
import { describeOnDynamoDb } from "../aws/dynamodb.ts"
import { awsEnvironment } from "../aws/environment.ts"
import { type S3ForTests, startS3ForTests } from "../aws/s3.ts"
import { type ServerProcess, spawnServer } from "../torture/server-process.ts"

describeOnDynamoDb("servers over one table", () => {
  const name = `stratalog-test-${randomUUID()}`
  const servers: ServerProcess[] = []
  let s3: S3ForTests
  beforeAll(async () => {
    s3 = await startS3ForTests()
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()))
    await s3.stop()
  })

  function spawn(...more: string[]): ServerProcess {
    const args = ["--storage", "aws", "--table", name, "--bucket", name, "--auth", "required", ...more]
    const server = spawnServer({ dataDir: "unused", args, env: awsEnvironment(s3.endpoint) })
    servers.push(server)
    return server
  }

  it("make one first key, and let a revoked key in no longer than they say", { timeout: 240_000 }, async () => {
    await (await started(spawn("--create"))).stop()
    const both = await Promise.all([started(spawn()), started(spawn())])
    const admins = servers.flatMap((server) => /stk_\w{16}_[\w-]{43}/.exec(server.output())?.[0] ?? [])
    expect(admins).toHaveLength(1)
    const [first, second] = both
    const call = (url: string, key: string | undefined, method: string, path: string, body?: object) =>
      fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      })
    const admin = admins[0]
    const made = await call(first.url, admin, "POST", "/v1/keys", { principal: "User:alice" })
    const { key, id } = (await made.json()) as CreatedKey
    const ask = async (url: string) => (await call(url, key, "GET", "/v1/whoami")).status
    expect([await ask(first.url), await ask(second.url)]).toEqual([200, 200])
    expect((await call(first.url, admin, "DELETE", `/v1/keys/${id}`)).status).toBe(204)
    expect(await ask(first.url)).toBe(401)
    const { accessDelayMs } = (await (await call(second.url, admin, "GET", "/v1/limits")).json()) as Limits
    expect(accessDelayMs).toBeGreaterThan(0)
    await delay(accessDelayMs)
    expect(await ask(second.url)).toBe(401)
  })
})

async function started(server: ServerProcess): Promise<ServerProcess & { readonly url: string }> {
  const url = await server.ready
  if (url === undefined) throw new Error(`it did not start: ${server.output()}`)
  return { ...server, url }
}
