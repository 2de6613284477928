import type { Clock, Unavailable } from "../../log/ports.ts"
import type { KeySecrets } from "../control.ts"
import { isExpired } from "../expiry.ts"
import { formatKey, KEY_ID_BYTES, KEY_SECRET_BYTES, makeKey } from "../key-format.ts"
import type { KeyStore, StoredKey } from "../ports.ts"

export interface CreateKeyDeps {
  readonly keys: Pick<KeyStore, "createKey">
  readonly secrets: KeySecrets
  readonly clock: Clock
}

export interface NewKey extends Pick<StoredKey, "principal" | "superUser" | "description"> {
  /** Epoch milliseconds, or how long from now, milliseconds; absent: never. */
  readonly expires?: { readonly at: number } | { readonly in: number }
}

/** `key`: what its owner sends. It is kept nowhere. */
export interface MadeKey {
  readonly kind: "created"
  readonly key: string
  readonly stored: StoredKey
}

export type CreateKeyResult =
  | MadeKey
  /** `now`: what the clock says, epoch milliseconds. */
  | { readonly kind: "expires_before_now"; readonly now: number }
  | Unavailable

export async function createKey(deps: CreateKeyDeps, wanted: NewKey): Promise<CreateKeyResult> {
  const { secrets } = deps
  const now = deps.clock.now()
  const { principal, superUser, description, expires } = wanted
  const expiry = expires === undefined ? {} : { expiresAt: "at" in expires ? expires.at : now + expires.in }
  if (isExpired(expiry, now)) return { kind: "expires_before_now", now }
  const key = makeKey(secrets.unguessable(KEY_ID_BYTES), secrets.unguessable(KEY_SECRET_BYTES))
  const secretHash = secrets.secretHash(key.secret)
  const stored = { id: key.id, secretHash, principal, superUser, description, createdAt: now, ...expiry }
  const outcome = await deps.keys.createKey(stored)
  // 80 random bits that somebody has already are none.
  if (outcome.kind === "exists") throw new Error(`The new key ${key.id} has the id of another: chance does not work.`)
  return outcome.kind === "unavailable" ? outcome : { kind: "created", key: formatKey(key), stored }
}
