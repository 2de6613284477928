/** Clients of a server that asks for keys: keys that change while they run, that end, and that nobody gets to see. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Stratalog, UnauthenticatedError } from "stratalog"
import { startTestServer, type TestServer } from "stratalog-server/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startStrata } from "../fakes/strata-process.ts"

let folder: string
let server: TestServer
let admin: Stratalog
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stratalog-client-keys-"))
  server = await startTestServer({ auth: "required" })
  admin = new Stratalog({ url: server.url, apiKey: server.superKey })
  await admin.topics.create("orders", { partitions: 2 })
  const principal = "User:shop"
  const onOrders = { principal, resourceType: "topic", resourceName: "orders" } as const
  const inGroups = { principal, resourceType: "group", resourceName: "shop-", patternType: "prefixed" } as const
  const allowed = [{ ...onOrders, operation: "write" } as const, { ...onOrders, operation: "read" } as const]
  await admin.acls.add([...allowed, { ...inGroups, operation: "read" }])
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const newKey = () => admin.keys.create({ principal: "User:shop" })

describe("a key that is changed for another", () => {
  it("is no event for a producer and a consumer that ask a function for it", async () => {
    let current = await newKey()
    const log = new Stratalog({ url: server.url, apiKey: () => current.key })
    const producer = log.topic("orders").producer()
    const consumer = log.consumer({ group: "shop-rotating", topics: ["orders"] })
    const rounds = 5
    const seen: unknown[] = []
    let arrived = () => {}
    const consuming = (async () => {
      for await (const { value } of consumer) {
        seen.push(value)
        arrived()
        if (seen.length === rounds) break
      }
    })()
    for (let round = 0; round < rounds; round++) {
      const next = new Promise<void>((resolve) => {
        arrived = resolve
      })
      await producer.send({ value: round })
      await Promise.race([next, consuming])
      const before = current
      current = await newKey()
      await admin.keys.revoke(before.id)
    }
    await consuming
    expect(seen).toEqual([0, 1, 2, 3, 4])
    await producer.close()
    await consumer.close()
  })

  it("may be kept until the server refuses it", async () => {
    let kept = (await newKey()).key
    const lookups: boolean[] = []
    const log = new Stratalog({
      url: server.url,
      apiKey: async ({ refused }) => {
        lookups.push(refused)
        if (refused) kept = (await newKey()).key
        return kept
      },
    })
    const before = await log.whoami()
    await admin.keys.revoke(before.key?.id ?? "")
    expect((await log.whoami()).principal).toBe("User:shop")
    expect(lookups).toEqual([false, false, true])
  })

  it("reads by a pattern and puts away what fails, where that is allowed", async () => {
    const { key } = await admin.keys.create({ principal: "User:tail" })
    for (const name of ["tail-1", "tail-dead"]) await admin.topics.create(name, { partitions: 1 })
    await admin.topic("tail-1").produce({ value: 1 })
    const log = new Stratalog({ url: server.url, apiKey: key })
    const reading = () => {
      const consumer = log.consumer({ group: "tail", topics: ["^tail-\\d"] })
      const settings = { deadLetterTopic: "tail-dead", retry: { attempts: 1 } }
      const ended = consumer.run({ ...settings, eachRecord: () => Promise.reject(new Error("no")) })
      return { consumer, ended }
    }
    await expect(reading().ended).rejects.toMatchObject({ code: "not_authorized" })
    const principal = "User:tail"
    const onTopics = { principal, resourceType: "topic", resourceName: "tail-" } as const
    await admin.acls.add([
      { principal, operation: "read", resourceType: "group", resourceName: "tail" },
      { ...onTopics, operation: "read", patternType: "prefixed" },
      { ...onTopics, operation: "write", resourceName: "tail-dead" },
    ])
    const { consumer, ended } = reading()
    const dead = admin.topic("tail-dead").read({ follow: true })
    expect((await dead.next()).value?.value).toBe(1)
    await dead.return()
    await consumer.close()
    await ended
  })

  it("ends who has no other", async () => {
    const { key, id } = await newKey()
    const log = new Stratalog({ url: server.url, apiKey: key })
    const consumer = log.consumer({ group: "shop-ended", topics: ["orders"] })
    const consuming = consumer.run({ eachRecord: async () => admin.keys.revoke(id).catch(() => undefined) })
    await expect(consuming).rejects.toBeInstanceOf(UnauthenticatedError)
    await expect(log.topic("orders").produce({ value: 9 })).rejects.toBeInstanceOf(UnauthenticatedError)
  })
})

describe("strata as a process", () => {
  const strata = (line: string, key: string, input?: string) => {
    const env = { HOME: folder, STRATALOG_URL: server.url, STRATALOG_API_KEY: key, STRATA_DEBUG: "1" }
    return startStrata(line.split(" "), { env, input }).exited
  }

  it("tells a key to nobody, whatever goes wrong", { timeout: 120_000 }, async () => {
    const { key } = await newKey()
    const secret = key.slice(-43)
    const lines = [
      "whoami",
      "doctor",
      "topic delete orders --yes",
      "produce other 1",
      "key list",
      "topic list --url http://127.0.0.1:1",
      "topic list --url http://log.example.com",
      "copy --from here --to there",
      "profile list",
    ]
    await strata("profile set here --api-key - --url http://127.0.0.1:9", "", key)
    for (const line of lines) {
      const { stdout, stderr } = await strata(line, key)
      expect([line, stdout.includes(secret) || stderr.includes(secret)]).toEqual([line, false])
    }
    const wrong = await strata("whoami", `${key}x`)
    expect([wrong.code, wrong.stderr.includes(secret)]).toEqual([1, false])
  })

  it("makes a key that the next command takes from its output", async () => {
    const made = await strata("key create --principal User:shop --expires 1h", server.superKey ?? "")
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining("User:shop") })
    const who = await strata("whoami --json", made.stdout)
    expect(JSON.parse(who.stdout)).toMatchObject({ principal: "User:shop", superUser: false, access: "key" })
  })
})
