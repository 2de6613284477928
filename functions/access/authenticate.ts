/** Who sends a request, by the key that it carries. */
import type { Clock, Unavailable } from "../log/ports.ts"
import { type Caller, callerOf } from "./caller.ts"
import { isExpired } from "./expiry.ts"
import { parseKey } from "./key-format.ts"
import type { BindingStore, KeyStore } from "./ports.ts"

export interface AuthenticateDeps {
  readonly keys: Pick<KeyStore, "findKey">
  readonly bindings: Pick<BindingStore, "bindings">
  /** Whether the secret has this hash; takes the same time for every secret and hash. */
  readonly hasHash: (secret: string, hash: Uint8Array) => boolean
  readonly clock: Clock
  /** Principals that may do everything, whatever key they send: Kafka's super.users. */
  readonly superUsers: ReadonlySet<string>
}

export type Authentication =
  | { readonly kind: "caller"; readonly caller: Caller }
  /** The header says nothing, or nothing that could be a key. */
  | { readonly kind: "no_key" }
  /** Unknown, revoked, expired or with another secret: which of these, only the log tells. `id`: of the key that was tried. */
  | { readonly kind: "refused"; readonly id: string; readonly reason: "unknown" | "wrong_secret" | "expired" }
  | Unavailable

const BEARER = /^Bearer +(\S+) *$/i

/** Hash of nothing that anybody has: looking for an unknown key takes the same comparison as for one that is known. */
const NO_HASH = new Uint8Array(32)

/** `authorization`: the header of that name. */
export async function authenticate(deps: AuthenticateDeps, authorization: string | undefined): Promise<Authentication> {
  const key = parseKey(BEARER.exec(authorization ?? "")?.[1] ?? "")
  if (key === undefined) return { kind: "no_key" }
  const found = await deps.keys.findKey(key.id)
  if (found.kind === "unavailable") return found
  const matches = deps.hasHash(key.secret, found.kind === "found" ? found.key.secretHash : NO_HASH)
  if (found.kind === "not_found") return { kind: "refused", id: key.id, reason: "unknown" }
  if (!matches) return { kind: "refused", id: key.id, reason: "wrong_secret" }
  const { id, principal, expiresAt } = found.key
  const superUser = found.key.superUser || deps.superUsers.has(principal)
  if (isExpired(found.key, deps.clock.now())) return { kind: "refused", id: key.id, reason: "expired" }
  const listed = superUser ? NO_LISTS : await deps.bindings.bindings()
  if (listed.kind === "unavailable") return listed
  const proof = { kind: "key", id, ...(expiresAt !== undefined && { expiresAt }) } as const
  return { kind: "caller", caller: callerOf({ name: principal, superUser }, listed.bindings, proof) }
}

const NO_LISTS = { kind: "bindings", bindings: [] } as const
