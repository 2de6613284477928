/** Keys, access control lists and who somebody is, by the client. */
import { NotAuthorizedError, OutcomeUnknownError, Stratalog, UnauthenticatedError } from "stratalog"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Fault, FaultyNetwork } from "../../fakes/faulty-fetch.ts"
import { type GuardedServer, openGuardedServer } from "../../fakes/guarded-server.ts"
import { HurriedClock } from "../../fakes/hurried-clock.ts"

const NOW = Date.UTC(2026, 10, 21, 12)

let server: GuardedServer
beforeAll(async () => {
  server = await openGuardedServer(NOW)
})
afterAll(() => server.close())

const speakingWith = (apiKey?: string) => new Stratalog({ url: server.url, apiKey })

/** Over a network that fails as told. */
function overFaults(method: string, pattern: RegExp, ...faults: readonly Fault[]): Stratalog {
  const network = new FaultyNetwork((request) => fetch(request))
  network.script(method, pattern, ...faults)
  const clock = new HurriedClock(() => network.isBusy)
  return new Stratalog({ url: server.url, apiKey: server.superKey, fetch: network.fetch, ...clock })
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe("keys", () => {
  it("are made, taken, listed and revoked", async () => {
    const { keys } = speakingWith(server.superKey)
    const made = await keys.create({ principal: "User:alice", expiresIn: "90d", description: "laptop" })
    expect(made).toMatchObject({ principal: "User:alice", superUser: false, expiresAt: NOW + 90 * 86_400_000 })
    const alice = speakingWith(made.key)
    expect(await alice.whoami()).toEqual({
      principal: "User:alice",
      superUser: false,
      access: "key",
      key: { id: made.id, expiresAt: made.expiresAt },
    })
    const { key: _, ...shown } = made
    expect(await all(keys.list({ principal: "User:alice" }))).toEqual([shown])
    await keys.revoke(made.id)
    await expect(alice.whoami()).rejects.toBeInstanceOf(UnauthenticatedError)
    await expect(keys.revoke(made.id)).rejects.toMatchObject({ code: "key_not_found" })
    await expect(keys.revoke("firstkeyfirstkey")).rejects.toMatchObject({ code: "last_super_key" })
  })

  it("are listed to the last page", async () => {
    const { keys } = speakingWith(server.superKey)
    for (let n = 0; n < 120; n++) await keys.create({ principal: "User:many" })
    expect((await all(keys.list({ principal: "User:many" }))).length).toBe(120)
  })

  it("may be there where the answer was lost, and none is made a second time by itself", async () => {
    const log = overFaults("POST", /keys/, { kind: "lost_answer" })
    await expect(log.keys.create({ principal: "User:lost" })).rejects.toBeInstanceOf(OutcomeUnknownError)
    expect((await all(log.keys.list({ principal: "User:lost" }))).length).toBe(1)
  })

  it("are revoked, also where the answer was lost", async () => {
    const { id } = await speakingWith(server.superKey).keys.create({ principal: "User:gone" })
    await overFaults("DELETE", /keys/, { kind: "lost_answer" }).keys.revoke(id)
    expect(await all(speakingWith(server.superKey).keys.list({ principal: "User:gone" }))).toEqual([])
  })
})

describe("access control lists", () => {
  it("are added, found and removed, also where answers are lost", async () => {
    const { acls } = overFaults("POST", /acls/, { kind: "lost_answer" }, { kind: "none" }, { kind: "lost_answer" })
    const bob = { principal: "User:bob", operation: "read", resourceType: "topic" } as const
    const wanted = [
      { ...bob, resourceName: "orders" },
      { ...bob, resourceName: "logs-", patternType: "prefixed" } as const,
    ]
    const added = await acls.add(wanted)
    expect(added).toHaveLength(2)
    expect(added).toContainEqual({ ...bob, permission: "allow", resourceName: "orders", patternType: "literal" })
    expect(await acls.list({ principal: "User:bob" })).toHaveLength(2)
    expect(await acls.list({ resourceType: "topic", resourceName: "logs-7", patternType: "match" })).toHaveLength(1)
    await acls.remove(wanted.slice(0, 1))
    expect(await acls.list({ principal: "User:bob" })).toHaveLength(1)
    expect(await acls.removeMatching({ principal: "User:bob" })).toHaveLength(1)
    expect(await acls.list()).toEqual([])
  })
})

describe("who may not", () => {
  it("gets errors that say so, and are not tried again", async () => {
    await expect(speakingWith().topics.get("orders")).rejects.toMatchObject({
      name: "UnauthenticatedError",
      code: "unauthenticated",
      status: 401,
      retryable: false,
      sideEffects: "none",
    })
    const { key } = await speakingWith(server.superKey).keys.create({ principal: "User:weak" })
    const error = await speakingWith(key)
      .topic("orders")
      .produce({ value: 1 })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotAuthorizedError)
    expect(error).toMatchObject({ code: "not_authorized", status: 403, retryable: false, sideEffects: "none" })
    expect(error).toHaveProperty("denied", [{ operation: "write", resourceType: "topic", resourceName: "orders" }])
  })

  it("is told the topic that a producer may not write to, also where it may write to none", async () => {
    const admin = speakingWith(server.superKey)
    await admin.topics.create("seen", { partitions: 1 })
    const principal = "User:reader"
    const { key } = await admin.keys.create({ principal })
    const acl = { principal, resourceType: "topic", resourceName: "seen" } as const
    const write = { ...acl, operation: "write" } as const
    const failure = async () => {
      await using producer = speakingWith(key).topic("seen").producer()
      return producer.send({ value: 1 }).catch((thrown: unknown) => thrown)
    }
    const expected = {
      name: "NotAuthorizedError",
      detail: "User:reader is not allowed to write topic seen.",
      principal,
      denied: [{ operation: "write", resourceType: "topic", resourceName: "seen" }],
      status: 403,
      retryable: false,
      sideEffects: "none",
      requestId: expect.any(String),
    }
    await admin.acls.add([{ ...acl, operation: "describe" }])
    expect(await failure()).toMatchObject(expected)
    await admin.acls.add([write, { ...write, permission: "deny" }])
    expect(await failure()).toMatchObject(expected)
    await admin.acls.remove([{ ...write, permission: "deny" }])
    expect(await failure()).toMatchObject({ offset: 0 })
  })

  it("ends a consumer and a producer that lost what they were allowed", async () => {
    const admin = speakingWith(server.superKey)
    await admin.topics.create("held", { partitions: 1 })
    const principal = "User:held"
    const { key } = await admin.keys.create({ principal })
    const onTopic = { principal, operation: "all", resourceType: "topic", resourceName: "held" } as const
    await admin.acls.add([onTopic, { ...onTopic, resourceType: "group" }])
    const producer = speakingWith(key).topic("held").producer()
    await producer.send({ value: 1 })
    const consumer = speakingWith(key).consumer({ group: "held", topics: ["held"], fetchMaxWaitMs: 100 })
    const consuming = (async () => {
      for await (const _ of consumer) await admin.acls.removeMatching({ principal })
    })()
    await expect(consuming).rejects.toBeInstanceOf(NotAuthorizedError)
    await expect(producer.send({ value: 2 })).rejects.toBeInstanceOf(NotAuthorizedError)
    await producer.close()
  })
})
