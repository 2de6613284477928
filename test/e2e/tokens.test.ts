/** A server that takes the tokens of an identity provider beside its own keys. */
import { Stratalog } from "stratalog"
import { startTestServer } from "stratalog-server/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { LogEvent } from "../../functions/http/logs/log-line.ts"
import { newKey } from "../../functions/server/access/super-key.ts"
import { runCli } from "../fakes/cli-io.ts"
import { startTokenIssuer, type TokenIssuer } from "../fakes/token-issuer.ts"

let issuer: TokenIssuer
let server: Awaited<ReturnType<typeof startTestServer>>
const superKey = newKey()
const lines: LogEvent[] = []

beforeAll(async () => {
  issuer = await startTokenIssuer()
  const report = (event: LogEvent) => {
    if (event.event !== "administration") lines.push(event)
  }
  const tokens = { ...issuer.settings, principalClaim: "sub" }
  server = await startTestServer({ auth: "required", superKey, superUsers: ["User:root"], tokens, report })
})
afterAll(async () => {
  await server.close()
  await issuer.stop()
})

const tokenOf = (sub: string, from = issuer) => from.token({ sub, exp: Math.floor(Date.now() / 1000) + 60 })

async function call(token: string, method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  })
  return { status: response.status, answer: await response.json().catch(() => undefined) }
}

describe("tokens", () => {
  it("are as good as keys: lists say what their principal may do", async () => {
    const alice = await tokenOf("alice")
    expect(await call(alice, "GET", "/v1/whoami")).toMatchObject({
      status: 200,
      answer: { principal: "User:alice", superUser: false, access: "token", key: null },
    })
    expect(await call(alice, "PUT", "/v1/topics/orders")).toMatchObject({ status: 403 })
    const create = { principal: "User:alice", permission: "allow", operation: "create", resourceType: "topic" }
    const acls = [{ ...create, patternType: "literal", resourceName: "orders" }]
    expect(await call(superKey, "POST", "/v1/acls", { acls })).toMatchObject({ status: 200 })
    expect(await call(alice, "PUT", "/v1/topics/orders")).toMatchObject({ status: 201 })
    expect(await call(await tokenOf("root"), "DELETE", "/v1/topics/orders")).toMatchObject({ status: 204 })
  })

  it("are shown by the client and the command line in the place of keys", async () => {
    const log = new Stratalog({ url: server.url, apiKey: () => tokenOf("root") })
    expect(await log.whoami()).toMatchObject({ principal: "User:root", superUser: true, access: "token" })
    const env = { STRATALOG_URL: server.url, STRATALOG_API_KEY: await tokenOf("root") }
    expect((await runCli(["whoami"], { env })).stdout).toBe("User:root (super-user), by a token\n")
    const { findings } = JSON.parse((await runCli(["doctor", "--json"], { env })).stdout)
    const detail = "It takes this command for User:root, a super-user, by its token."
    expect(findings).toContainEqual({ check: "access", status: "ok", detail })
  })

  it("that are refused say why, to their sender and in the log", async () => {
    const { answer } = await call(await issuer.token({ sub: "alice", exp: 1 }), "GET", "/v1/whoami")
    expect(answer).toMatchObject({ code: "unauthenticated", detail: "The token is not taken, because it is expired." })
    expect(await call("a.b.c", "GET", "/v1/whoami")).toMatchObject({ status: 401 })
    expect(lines).toMatchObject([
      { level: "warn", event: "token_refused", reason: "it is expired", requestId: expect.any(String) },
      { event: "token_refused", reason: "it is no token that the issuer signed" },
    ])
  })

  it("of an issuer that is away are to come again, and the log says what is wrong with it", async () => {
    const away = await startTokenIssuer()
    const token = await tokenOf("alice", away)
    await away.stop()
    const told: LogEvent[] = []
    const tokens = { ...away.settings, principalClaim: "sub" }
    const report = (event: LogEvent) => void told.push(event)
    await using lonely = await startTestServer({ auth: "required", superKey, tokens, report })
    const response = await fetch(`${lonely.url}/v1/whoami`, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: "unavailable", retryable: true, sideEffects: "none" })
    expect(told).toMatchObject([
      { level: "warn", event: "issuer_unreachable", detail: expect.stringMatching(/^The keys of the tokens' issuer/) },
    ])
  })
})
