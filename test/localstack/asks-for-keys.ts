/** The same deployment, told to ask its callers for API keys. */
import assert from "node:assert/strict"
import { localAws } from "../../tools/localstack/aws.ts"
import { firstKey } from "../../tools/localstack/first-key.ts"
import { deployStratalog } from "../../tools/localstack/stratalog.ts"
import { CHOICES } from "./choices.ts"

/** Whether keys and lists decide there who may do what, from the first key on. */
export async function asksForKeys(endpoint: string): Promise<boolean> {
  const deployed = await deployStratalog(endpoint, ...CHOICES, "-c", "auth=key")
  if (deployed?.keyMaker === undefined) return false
  const { api, keyMaker } = deployed
  const aws = localAws(endpoint)
  const { key } = await firstKey(aws, keyMaker)
  assert.match(key ?? "", /^stk_/)
  assert.match((await firstKey(aws, keyMaker)).error, /made already/)
  const send = async (method: string, path: string, sent: string | undefined, body?: object) => {
    const headers = {
      "content-type": "application/json",
      ...(sent !== undefined && { authorization: `Bearer ${sent}` }),
    }
    const response = await fetch(`${api}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    return { status: response.status, body: Object(await response.json()) }
  }
  const statusOf = async (...request: Parameters<typeof send>) => (await send(...request)).status
  const topic = `keys-${Date.now()}`
  const records = { records: [{ value: 1 }] }
  assert.equal(await statusOf("GET", "/v1/health/live", undefined), 200)
  assert.equal(await statusOf("PUT", `/v1/topics/${topic}`, undefined), 401)
  assert.equal(
    await statusOf(
      "PUT",
      `/v1/topics/${topic}`,
      key?.replace(/.$/, (last) => (last === "0" ? "A" : "0")),
    ),
    401,
  )
  assert.equal(await statusOf("PUT", `/v1/topics/${topic}`, key), 201)
  const alice = await send("POST", "/v1/keys", key, { principal: "User:alice" })
  assert.equal(alice.status, 201)
  const acl = { principal: "User:alice", operation: "write", resourceType: "topic", resourceName: topic }
  assert.equal(await statusOf("POST", "/v1/acls", key, { acls: [acl] }), 200)
  assert.equal(await statusOf("POST", `/v1/topics/${topic}/records`, alice.body.key, records), 200)
  assert.equal(await statusOf("POST", `/v1/topics/${topic}-other/records`, alice.body.key, records), 403)
  assert.equal(await statusOf("GET", `/v1/topics/${topic}/partitions/0/records`, alice.body.key), 403)
  assert.equal(await statusOf("GET", `/v1/topics/${topic}/partitions/0/records`, undefined), 401)
  return true
}
