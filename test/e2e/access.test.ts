/** A server that asks for keys, as its operator and its users meet it: starts, restarts, `kill -9`, keys that end. */
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CreatedKey } from "stratalog/protocol"
import { startTestServer } from "stratalog-server/testing"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { openAccess } from "../../functions/server/access/open-access.ts"
import { newKey } from "../../functions/server/access/super-key.ts"
import { createMemoryAccessStore } from "../fakes/memory-access-store.ts"
import { startStrata } from "../fakes/strata-process.ts"
import { fixturePaths } from "../formats/fixture.ts"
import { type ServerProcess, spawnServer } from "../torture/server-process.ts"

const folder = mkdtempSync(join(tmpdir(), "stratalog-access-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const running: ServerProcess[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.kill()))
})

interface Started extends ServerProcess {
  readonly url: string
  /** What it printed of keys. */
  readonly firstKey: string | undefined
}

async function start(name: string, env: Readonly<Record<string, string>> = {}, ...args: string[]): Promise<Started> {
  const auth = args.length === 0 ? ["--auth", "required"] : args
  const server = spawnServer({ dataDir: join(folder, name), args: auth, env })
  running.push(server)
  const url = await server.ready
  if (url === undefined) throw new Error(`it did not start: ${server.output()}`)
  return { ...server, url, firstKey: /stk_\w{16}_[\w-]{43}/.exec(server.output())?.[0] }
}

async function refusal(name: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const server = spawnServer({ dataDir: join(folder, name), args, env })
  running.push(server)
  const { code } = await server.exited
  expect(code).not.toBe(0)
  return server.output()
}

function call(url: string, key: string | undefined, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

async function made(url: string, key: string, body: unknown): Promise<CreatedKey> {
  const response = await call(url, key, "POST", "/v1/keys", body)
  expect(response.status).toBe(201)
  return (await response.json()) as CreatedKey
}

const status = async (url: string, key: string | undefined, path = "/v1/whoami") =>
  (await call(url, key, "GET", path)).status

function need(key: string | undefined): string {
  if (key === undefined) throw new Error("no key was printed")
  return key
}

describe("a server that asks for keys", { timeout: 120_000 }, () => {
  it("prints the first key once, and knows it and all others after a restart and after kill -9", async () => {
    const first = await start("restarts")
    const admin = need(first.firstKey)
    expect(await status(first.url, undefined)).toBe(401)
    expect(await status(first.url, admin)).toBe(200)
    const { key } = await made(first.url, admin, { principal: "User:alice" })
    // Made durable before it was answered.
    await first.kill()
    const second = await start("restarts")
    expect(second.firstKey).toBeUndefined()
    expect(second.output()).not.toContain("stk_")
    expect(await status(second.url, key)).toBe(200)
    const lists = { acls: [{ principal: "User:alice", operation: "create", resourceType: "cluster" }] }
    expect((await call(second.url, admin, "POST", "/v1/acls", lists)).status).toBe(200)
    await second.stop()
    const third = await start("restarts")
    expect(await status(third.url, admin)).toBe(200)
    expect((await call(third.url, key, "PUT", "/v1/topics/orders")).status).toBe(201)
    expect((await call(third.url, key, "DELETE", "/v1/topics/orders")).status).toBe(403)
  })

  it("does not take a revoked key again, also after kill -9", async () => {
    const first = await start("revoked")
    const admin = need(first.firstKey)
    const { key, id } = await made(first.url, admin, { principal: "User:alice" })
    expect(await status(first.url, key)).toBe(200)
    expect((await call(first.url, admin, "DELETE", `/v1/keys/${id}`)).status).toBe(204)
    expect(await status(first.url, key)).toBe(401)
    await first.kill()
    expect(await status((await start("revoked")).url, key)).toBe(401)
  })

  it("takes a key until it expires", async () => {
    await using server = await startTestServer({ auth: "required" })
    const admin = need(server.superKey)
    const { key } = await made(server.url, admin, { principal: "User:alice", expiresIn: "1ms" })
    await expect.poll(() => status(server.url, key)).toBe(401)
    const lasting = await made(server.url, admin, { principal: "User:alice", expiresIn: "1h" })
    expect(await status(server.url, lasting.key)).toBe(200)
  })

  it("asks for keys over a data directory that was made before there were any", async () => {
    cpSync(fixturePaths(1).dataDirectory, join(folder, "before"), { recursive: true })
    const server = await start("before")
    const topics = await call(server.url, server.firstKey, "GET", "/v1/topics")
    expect(topics.status).toBe(200)
    expect((await topics.json()) as object).toHaveProperty("topics.0.name")
    expect(await status(server.url, undefined, "/v1/topics")).toBe(401)
  })

  it("makes one first key where several start at once over one storage", async () => {
    const store = createMemoryAccessStore()
    const stored = { store, rememberMs: 5_000 }
    const surroundings = { host: "127.0.0.1", tls: false, report: () => {} }
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => openAccess(stored, { auth: "required" }, surroundings)),
    )
    const keys = await Promise.all(opened.map((access) => access.firstKey()))
    expect(keys.filter((key) => key !== undefined)).toHaveLength(1)
  })

  it("asks nobody for its health and its documents, and everybody for its metrics", async () => {
    await using server = await startTestServer({ auth: "required" })
    for (const path of ["/", "/docs", "/openapi.json", "/docs/errors", "/v1/health", "/v1/health/live"]) {
      expect([path, await status(server.url, undefined, path)]).toEqual([path, 200])
    }
    expect(await status(server.url, undefined, "/metrics")).toBe(401)
    expect(await status(server.url, server.superKey, "/metrics")).toBe(200)
    const { key } = await made(server.url, need(server.superKey), { principal: "User:prometheus" })
    expect(await status(server.url, key, "/metrics")).toBe(403)
    const acls = [{ principal: "User:prometheus", operation: "describe", resourceType: "cluster" }]
    await call(server.url, server.superKey, "POST", "/v1/acls", { acls })
    expect(await status(server.url, key, "/metrics")).toBe(200)
  })

  it("tells its operator which keys it refused, and nobody the secret", async () => {
    const { url, output, firstKey } = await start("refused")
    const admin = need(firstKey)
    const wrong = `${admin.slice(0, -8)}AAAAAAAA`
    expect(await status(url, wrong)).toBe(401)
    await expect.poll(output).toContain('"event":"key_refused","key":"firstkeyfirstkey","reason":"wrong_secret"')
    expect(output()).not.toContain(wrong.slice(21))
    expect(output().split(admin)).toHaveLength(2)
  })

  it("lets in whoever has the key that it was started with, and stores no trace of it", async () => {
    const [mine, yours] = [newKey(), newKey()]
    const first = await start("own", { STRATALOG_SUPER_KEY: mine })
    expect(first.output()).not.toContain("stk_")
    expect(await status(first.url, mine)).toBe(200)
    const revoked = await call(first.url, mine, "DELETE", `/v1/keys/${mine.split("_")[1]}`)
    expect(await revoked.json()).toMatchObject({
      code: "key_not_found",
      detail: expect.stringContaining("STRATALOG_SUPER_KEY"),
    })
    await first.stop()
    // A lost key is replaced by another start.
    const second = await start("own", { STRATALOG_SUPER_KEY: yours })
    expect([await status(second.url, mine), await status(second.url, yours)]).toEqual([401, 200])
    await second.stop()
    // Nobody can manage it without, so the next start makes a first key.
    expect((await start("own")).firstKey).toMatch(/^stk_firstkeyfirstkey_/)
  })

  it("is the one that strata serve starts, too", async () => {
    const args = ["serve", "--auth", "required", "--port", "0", "--data-dir", join(folder, "strata")]
    const strata = startStrata(args)
    try {
      await strata.says("Try:")
      const url = /http:\S+/.exec(strata.stdout())?.[0] ?? ""
      const key = /stk_firstkeyfirstkey_[\w-]{43}/.exec(strata.stdout())?.[0]
      expect([await status(url, undefined), await status(url, key)]).toEqual([401, 200])
    } finally {
      strata.child.kill()
      await strata.exited
    }
  })

  it("lets super-users by name do everything", async () => {
    await using server = await startTestServer({ auth: "required", superUsers: ["User:ops"] })
    const { key } = await made(server.url, need(server.superKey), { principal: "User:ops" })
    expect(await status(server.url, key, "/v1/upkeep")).toBe(200)
    expect((await call(server.url, key, "PUT", "/v1/topics/orders")).status).toBe(201)
  })

  it("does not start where it would be open without anybody having said so", async () => {
    expect(await refusal("open", {}, "--host", "0.0.0.0")).toMatch(/0\.0\.0\.0 .*--auth required.*--auth off/)
    expect(await refusal("open", { STRATALOG_SUPER_KEY: "stk_mine" }, "--auth", "required")).toMatch(/--new-key/)
    const settings = { STRATALOG_SUPER_KEY: newKey(), STRATALOG_SUPER_USERS: "User:ops" }
    expect(await refusal("open", settings)).toMatch(
      /^STRATALOG_SUPER_KEY and --super-users were given.*--auth required/m,
    )
    const tokens = ["--jwt-issuer", "https://id.example.com", "--jwt-audience", "log"]
    expect(await refusal("open", {}, ...tokens)).toMatch(/^--jwt-issuer was given.*--auth required/m)
    const locked = await start("open")
    await locked.stop()
    expect(await refusal("open", {}, "--host", "127.0.0.1")).toMatch(/has API keys.*--auth required/)
    const open = await start("open", {}, "--auth", "off", "--host", "0.0.0.0")
    expect(open.output()).toMatch(
      /"level":"warn","event":"access_not_controlled".*WARNING: Whoever reaches 0\.0\.0\.0/s,
    )
    expect(await status(open.url, undefined)).toBe(200)
    expect((await call(open.url, undefined, "GET", "/v1/keys")).status).toBe(409)
  })
})
