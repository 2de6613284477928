/** The key that whoever starts a server gives it: a super-user's, for as long as it runs, and stored nowhere. */
import { FIRST_PRINCIPAL } from "../../access/first-key.ts"
import { formatKey, KEY_ID_BYTES, KEY_SECRET_BYTES, makeKey, parseKey } from "../../access/key-format.ts"
import type { FindKeyOutcome, StoredKey } from "../../access/ports.ts"
import type { RecallingAccess } from "../../access/remembered.ts"
import { secretHash, unguessable } from "../../codecs/key-secret.ts"

export const SUPER_KEY_RULE =
  "It must be a whole API key: stk_, 16 of the characters a-z and 2-7, _, and 43 characters that stand for 32 random bytes. `npm start -- --new-key` makes one."

export function newKey(): string {
  return formatKey(makeKey(unguessable(KEY_ID_BYTES), unguessable(KEY_SECRET_BYTES)))
}

export function isApiKey(text: string): boolean {
  return parseKey(text) !== undefined
}

/** Undefined for what is no key. */
export function superKeyOf(text: string, now: number): StoredKey | undefined {
  const key = parseKey(text)
  if (key === undefined) return undefined
  return {
    id: key.id,
    secretHash: secretHash(key.secret),
    principal: FIRST_PRINCIPAL,
    superUser: true,
    description: "Of the server's own settings",
    createdAt: now,
  }
}

/** It comes before one of the same id that is stored. */
export function withSuperKey(known: RecallingAccess, key: StoredKey | undefined): RecallingAccess {
  if (key === undefined) return known
  const found: FindKeyOutcome = { kind: "found", key }
  return {
    bindings: known.bindings,
    recall: (id) => (id === key.id ? key : known.recall(id)),
    // A wrong secret of it takes the look-up that any other takes.
    findKey: async (id) => {
      const stored = await known.findKey(id)
      return id === key.id ? found : stored
    },
  }
}
