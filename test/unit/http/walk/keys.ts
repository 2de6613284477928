/** Keys of every kind, and a service that asks for them. */
import type { AclBinding } from "../../../../functions/access/acl.ts"
import { formatKey, KEY_ID_BYTES, KEY_SECRET_BYTES, makeKey } from "../../../../functions/access/key-format.ts"
import type { StoredKey } from "../../../../functions/access/ports.ts"
import { hasHash, secretHash } from "../../../../functions/codecs/key-secret.ts"
import type { Gate } from "../../../../functions/http/access/gate.ts"
import { keyGate } from "../../../../functions/http/access/key-gate.ts"
import { EXAMPLE_TIME } from "../../../../functions/http/openapi/examples.ts"
import { createMemoryAccessStore } from "../../../fakes/memory-access-store.ts"
import { storedKey } from "../../../fakes/stored-key.ts"

export const ALICE = "User:alice"

/** Each has numbers of its own. */
function keyOf(number: number) {
  return makeKey(new Uint8Array(KEY_ID_BYTES).fill(number), new Uint8Array(KEY_SECRET_BYTES).fill(number))
}

const [alice, expired, revoked, root, listed, other, unknown] = [2, 3, 4, 5, 6, 7, 8].map(keyOf)
if (!alice || !expired || !revoked || !root || !listed || !other || !unknown) throw new Error("seven keys")

const shown = {
  alice: formatKey(alice),
  expired: formatKey(expired),
  revoked: formatKey(revoked),
  root: formatKey(root),
  listed: formatKey(listed),
  unknown: formatKey(unknown),
  wrongSecret: formatKey({ id: alice.id, secret: other.secret }),
}
export const keys = shown

/** `Authorization` of requests that nobody sends who is known; undefined: there is none. */
export const strangers: Readonly<Record<string, string | undefined>> = {
  "no key": undefined,
  "an empty header": "",
  "the scheme alone": "Bearer",
  "a key without a scheme": shown.alice,
  "another scheme": `Basic ${btoa(shown.alice)}`,
  "a key in another scheme": `Basic ${shown.alice}`,
  "two keys": `Bearer ${shown.alice}, Bearer ${shown.alice}`,
  "two keys in one": `Bearer ${shown.alice},${shown.root}`,
  "two words": `Bearer ${shown.alice} ${shown.alice}`,
  "a tab": `Bearer\t${shown.alice}`,
  quotes: `Bearer "${shown.alice}"`,
  "a key in capitals": `Bearer ${shown.alice.toUpperCase()}`,
  "a key cut short": `Bearer ${shown.alice.slice(0, -1)}`,
  "a key and more": `Bearer ${shown.alice}A`,
  "an id alone": `Bearer stk_${alice.id}`,
  "an unknown key": `Bearer ${shown.unknown}`,
  "a wrong secret": `Bearer ${shown.wrongSecret}`,
  "an expired key": `Bearer ${shown.expired}`,
  "a revoked key": `Bearer ${shown.revoked}`,
}

/** `lists` may change between requests. */
export function gateOf(lists: readonly AclBinding[]): Gate {
  const store = createMemoryAccessStore()
  const keep = ({ id, secret }: typeof other & object, change: Partial<StoredKey> = {}) =>
    store.createKey(
      storedKey(id, { secretHash: secretHash(secret), principal: ALICE, createdAt: EXAMPLE_TIME - 1, ...change }),
    )
  if (!alice || !expired || !revoked || !root || !listed) throw new Error("five keys")
  keep(alice)
  keep(expired, { superUser: true, expiresAt: EXAMPLE_TIME })
  keep(revoked, { superUser: true })
  store.removeKey(revoked.id)
  keep(root, { principal: "User:root", superUser: true })
  keep(listed, { principal: "User:listed" })
  const deps = {
    keys: store,
    bindings: { bindings: () => ({ kind: "bindings", bindings: [...lists] }) as const },
    hasHash,
    clock: { now: () => EXAMPLE_TIME },
    superUsers: new Set(["User:listed"]),
  }
  return keyGate(deps, () => undefined)
}
