import { createHash, timingSafeEqual } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
import { type AuthenticateDeps, authenticate } from "../../../functions/access/authenticate.ts"
import { formatKey, makeKey } from "../../../functions/access/key-format.ts"
import type { AccessStore, StoredKey } from "../../../functions/access/ports.ts"
import { rememberedAccess } from "../../../functions/access/remembered.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"
import { allowing } from "../../fakes/named-callers.ts"
import { storedKey } from "../../fakes/stored-key.ts"

const NOW = 1_763_600_000_000
const hashOf = (secret: string) => new Uint8Array(createHash("sha256").update(secret).digest())
const key = makeKey(new Uint8Array(10).fill(7), new Uint8Array(32).fill(9))
const other = makeKey(new Uint8Array(10).fill(8), new Uint8Array(32).fill(9))

let store: AccessStore
let compared: number
let deps: AuthenticateDeps

beforeEach(() => {
  store = createMemoryAccessStore()
  compared = 0
  deps = {
    keys: store,
    bindings: store,
    hasHash: (secret, hash) => {
      compared += 1
      return timingSafeEqual(hashOf(secret), hash)
    },
    clock: { now: () => NOW },
    superUsers: new Set(),
  }
})

function keep(change: Partial<StoredKey> = {}): void {
  store.createKey(storedKey(key.id, { secretHash: hashOf(key.secret), createdAt: NOW - 1, ...change }))
}

const asks = (authorization: string | undefined) => authenticate(deps, authorization)
const bearer = (text: string) => `Bearer ${text}`

describe("a key", () => {
  it("tells who asks, and what they may do", async () => {
    keep()
    store.addBindings(allowing("User:alice", "read topic orders"))
    const found = await asks(bearer(formatKey(key)))
    expect(found).toMatchObject({ kind: "caller", caller: { name: "User:alice" } })
    if (found.kind !== "caller") return
    expect(found.caller.allows({ operation: "read", resourceType: "topic", resourceName: "orders" })).toBe(true)
    expect(found.caller.allows({ operation: "write", resourceType: "topic", resourceName: "orders" })).toBe(false)
  })

  it("of a super-user needs no list, and so none that can be read", async () => {
    keep({ superUser: true })
    deps = {
      ...deps,
      bindings: {
        bindings: () => ({ kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail: "" }),
      },
    }
    expect(await asks(bearer(formatKey(key)))).toMatchObject({ kind: "caller" })
  })

  it("is refused when it expires, to the millisecond", async () => {
    keep({ expiresAt: NOW })
    expect(await asks(bearer(formatKey(key)))).toEqual({ kind: "refused", id: key.id, reason: "expired" })
    store.removeKey(key.id)
    keep({ expiresAt: NOW + 1 })
    expect(await asks(bearer(formatKey(key)))).toMatchObject({ kind: "caller" })
  })

  it("that is unknown or revoked takes the same comparison as one with a wrong secret", async () => {
    expect(await asks(bearer(formatKey(key)))).toEqual({ kind: "refused", id: key.id, reason: "unknown" })
    expect(compared).toBe(2)
    keep()
    const wrong = { id: key.id, secret: makeKey(new Uint8Array(10), new Uint8Array(32)).secret }
    expect(await asks(bearer(formatKey(wrong)))).toEqual({ kind: "refused", id: key.id, reason: "wrong_secret" })
    expect(compared).toBe(4)
    expect(await asks(bearer(formatKey({ ...other, secret: key.secret })))).toMatchObject({ reason: "unknown" })
  })

  it("that is refused has been looked up once and compared twice, and no list was read, whatever the reason", async () => {
    const asked = { keys: 0, lists: 0 }
    const counted = {
      findKey: (id: string) => {
        asked.keys += 1
        return store.findKey(id)
      },
      bindings: () => {
        asked.lists += 1
        return store.bindings()
      },
    }
    const memory = rememberedAccess(counted, { ttlMs: 5_000, clock: deps.clock })
    const wrong = { id: key.id, secret: makeKey(new Uint8Array(10), new Uint8Array(32)).secret }
    const work = async (shown: typeof key) => {
      const before = { compared, ...asked }
      const { kind } = await asks(bearer(formatKey(shown)))
      return [kind, compared - before.compared, asked.keys - before.keys, asked.lists - before.lists]
    }
    for (const known of [counted, memory]) {
      deps = { ...deps, keys: known, bindings: known }
      keep()
      expect(await work(other)).toEqual(["refused", 2, 1, 0])
      expect(await work(wrong)).toEqual(["refused", 2, 1, 0])
      await work(key)
      // Also where the key is remembered by now.
      expect(await work(key)).toEqual(known === memory ? ["caller", 1, 0, 0] : ["caller", 2, 1, 1])
      expect(await work(wrong)).toEqual(["refused", 2, 1, 0])
      expect(await work(other)).toEqual(["refused", 2, 1, 0])
      store.removeKey(key.id)
      memory.forget()
      keep({ expiresAt: NOW, superUser: true })
      expect(await work(key)).toEqual(["refused", 2, 1, 0])
      expect(await work(wrong)).toEqual(["refused", 2, 1, 0])
      store.removeKey(key.id)
    }
  })

  it.each([
    undefined,
    "",
    "Bearer",
    "Bearer ",
    "Basic dTpw",
    formatKey(key),
    `Bearer ${formatKey(key)} x`,
    "Bearer stk_x_y",
  ])("is none: %s", async (header) => {
    keep()
    expect(await asks(header)).toEqual({ kind: "no_key" })
    expect(compared).toBe(0)
  })

  it("is taken whatever the case of the scheme and however many spaces", async () => {
    keep()
    expect(await asks(`bearer   ${formatKey(key)}  `)).toMatchObject({ kind: "caller" })
  })

  it("is refused, and nobody let in, while what is known cannot be read", async () => {
    keep()
    const unavailable = { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "busy" } as const
    deps = { ...deps, bindings: { bindings: () => unavailable } }
    expect(await asks(bearer(formatKey(key)))).toEqual(unavailable)
    deps = { ...deps, keys: { findKey: () => unavailable } }
    expect(await asks(bearer(formatKey(key)))).toEqual(unavailable)
  })
})
