import { beforeEach, describe, expect, it } from "vitest"
import { createKey, type NewKey } from "../../../functions/access/create-key/create-key.ts"
import { parseKey } from "../../../functions/access/key-format.ts"
import { listKeys } from "../../../functions/access/list-keys/list-keys.ts"
import type { AccessStore } from "../../../functions/access/ports.ts"
import { type RevokeKeyDeps, revokeKey } from "../../../functions/access/revoke-key/revoke-key.ts"
import { findSuperKey } from "../../../functions/access/super-keys.ts"
import { hasHash, secretHash, unguessable } from "../../../functions/codecs/key-secret.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"

const NOW = 1_763_600_000_000
let now: number
let store: AccessStore
const clock = { now: () => now }
const secrets = { unguessable, secretHash }

beforeEach(() => {
  now = NOW
  store = createMemoryAccessStore()
})

const create = (wanted: Partial<NewKey> = {}) =>
  createKey({ keys: store, secrets, clock }, { principal: "User:a", superUser: false, description: "", ...wanted })

async function created(wanted: Partial<NewKey> = {}): Promise<string> {
  const outcome = await create(wanted)
  if (outcome.kind !== "created") throw new Error(outcome.kind)
  return outcome.stored.id
}

describe("a new key", () => {
  it("is kept by its hash alone", async () => {
    const outcome = await create()
    if (outcome.kind !== "created") throw new Error(outcome.kind)
    const { id, secret } = parseKey(outcome.key) ?? { id: "", secret: "" }
    const found = await store.findKey(id)
    if (found.kind !== "found") throw new Error(found.kind)
    expect(hasHash(secret, found.key.secretHash)).toBe(true)
    expect(found.key).toEqual(outcome.stored)
    expect(JSON.stringify(found)).not.toContain(secret)
  })

  it("expires when it was said, and not before it was made", async () => {
    expect(await create({ expires: { in: 1_000 } })).toMatchObject({
      stored: { createdAt: NOW, expiresAt: NOW + 1_000 },
    })
    expect(await create({ expires: { at: NOW + 1 } })).toMatchObject({ stored: { expiresAt: NOW + 1 } })
    expect(await create()).not.toHaveProperty("stored.expiresAt")
    for (const at of [NOW, NOW - 1, 0]) {
      expect(await create({ expires: { at } })).toEqual({ kind: "expires_before_now", now: NOW })
    }
  })

  it("is no key where chance does not work", async () => {
    const same = { unguessable: (bytes: number) => new Uint8Array(bytes), secretHash }
    const again = () =>
      createKey({ keys: store, secrets: same, clock }, { principal: "User:a", superUser: false, description: "" })
    await again()
    await expect(again()).rejects.toThrow("chance")
  })
})

describe("a list of keys", () => {
  it("has pages of one principal, whatever lies between", async () => {
    const mine: string[] = []
    for (let made = 0; made < 30; made++) {
      const principal = made % 7 === 0 ? "User:mine" : "User:other"
      const id = await created({ principal })
      if (principal === "User:mine") mine.push(id)
    }
    for (const limit of [1, 2, 3, 5, 100]) {
      const found: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await listKeys({ keys: store }, { principal: "User:mine", after, limit })
        if (page.kind !== "page") throw new Error(page.kind)
        expect(page.keys.length).toBeLessThanOrEqual(limit)
        found.push(...page.keys.map(({ id }) => id))
        if (page.next === undefined) break
        after = page.next
      }
      expect(found).toEqual(mine.toSorted())
    }
  })
})

describe("a key that is revoked", () => {
  const superUser = { superUser: true }
  const deps = (): RevokeKeyDeps => ({ store, clock, superUsers: new Set(), managedOtherwise: false })

  it("is gone, also where it is the caller's own", async () => {
    const id = await created()
    expect(await revokeKey(deps(), id, { superUser: false })).toEqual({ kind: "removed" })
    expect(await revokeKey(deps(), id, superUser)).toEqual({ kind: "not_found" })
  })

  it("is not the last of a super-user", async () => {
    const first = await created({ superUser: true })
    await created()
    expect(await revokeKey(deps(), first, superUser)).toEqual({ kind: "last_super_key" })
    const second = await created({ superUser: true })
    expect(await revokeKey(deps(), first, superUser)).toEqual({ kind: "removed" })
    expect(await revokeKey(deps(), second, superUser)).toEqual({ kind: "last_super_key" })
  })

  it("may be the last of a super-user where it is of no use, or not needed", async () => {
    const expiring = await created({ superUser: true, expires: { in: 1 } })
    now += 1
    expect(await revokeKey(deps(), expiring, superUser)).toEqual({ kind: "removed" })
    const last = await created({ superUser: true })
    expect(await revokeKey({ ...deps(), managedOtherwise: true }, last, superUser)).toEqual({ kind: "removed" })
  })

  it("counts no expired key as another", async () => {
    await created({ superUser: true, expires: { in: 1 } })
    const last = await created({ superUser: true })
    now += 1
    expect(await revokeKey(deps(), last, superUser)).toEqual({ kind: "last_super_key" })
  })

  it("counts no key that will expire beside one that lasts", async () => {
    const last = await created({ superUser: true })
    const expiring = await created({ superUser: true, expires: { in: 5_000 } })
    expect(await revokeKey(deps(), last, superUser)).toEqual({ kind: "last_super_key" })
    expect(await revokeKey(deps(), expiring, superUser)).toEqual({ kind: "removed" })
    await created({ superUser: true })
    expect(await revokeKey(deps(), last, superUser)).toEqual({ kind: "removed" })
  })

  it("that expires may go where another one is taken", async () => {
    const [one, other] = [
      await created({ superUser: true, expires: { in: 5 } }),
      await created({ superUser: true, expires: { in: 9 } }),
    ]
    expect(await revokeKey(deps(), one, superUser)).toEqual({ kind: "removed" })
    expect(await revokeKey(deps(), other, superUser)).toEqual({ kind: "last_super_key" })
  })

  it("counts the keys of super-users by name", async () => {
    const byName = { ...deps(), superUsers: new Set(["User:ops"]) }
    const ops = await created({ principal: "User:ops" })
    expect(await revokeKey(byName, ops, superUser)).toEqual({ kind: "last_super_key" })
    const other = await created({ superUser: true })
    expect(await revokeKey(byName, other, superUser)).toEqual({ kind: "removed" })
  })

  it("of a super-user is revoked by super-users alone", async () => {
    const id = await created({ superUser: true, principal: "User:root" })
    expect(await revokeKey(deps(), id, { superUser: false })).toEqual({ kind: "not_yours", principal: "User:root" })
    expect((await store.findKey(id)).kind).toBe("found")
  })

  it("is not the one that the process was started with", async () => {
    const id = await created()
    expect(await revokeKey({ ...deps(), ownKeyId: id }, id, superUser)).toEqual({ kind: "own_key" })
    expect((await store.findKey(id)).kind).toBe("found")
  })

  it("stays where the storage fails while others are looked for", async () => {
    const id = await created({ superUser: true })
    const gone = { kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail: "gone" } as const
    expect(await revokeKey({ ...deps(), store: { ...store, listKeys: () => gone } }, id, superUser)).toEqual(gone)
    expect((await store.findKey(id)).kind).toBe("found")
  })
})

it("a key of a super-user is found behind hundreds of others", async () => {
  for (let made = 0; made < 250; made++) await created()
  const deps = { keys: store, clock, superUsers: new Set<string>() }
  expect(await findSuperKey(deps)).toEqual({ kind: "none" })
  const id = await created({ superUser: true })
  expect(await findSuperKey(deps)).toMatchObject({ kind: "found", key: { id } })
  expect(await findSuperKey(deps, { except: id })).toEqual({ kind: "none" })
})
