/** Who sends a request, by the key or the token that it carries. */
import type { Clock, Unavailable } from "../log/ports.ts"
import type { Principal } from "./acl.ts"
import { type Caller, callerOf, type Proof } from "./caller.ts"
import { isExpired } from "./expiry.ts"
import { parseKey } from "./key-format.ts"
import type { BindingStore, KeyStore } from "./ports.ts"
import type { RecallingAccess } from "./remembered.ts"
import { isSuperKey } from "./super-keys.ts"
import { isToken, type TokenVerifier } from "./tokens.ts"

export interface AuthenticateDeps {
  /** Without `recall` nothing is remembered. */
  readonly keys: Pick<KeyStore, "findKey"> & Partial<Pick<RecallingAccess, "recall">>
  readonly bindings: Pick<BindingStore, "bindings">
  /** Whether the secret has this hash; takes the same time for every secret and hash. */
  readonly hasHash: (secret: string, hash: Uint8Array) => boolean
  readonly clock: Clock
  /** Principals that may do everything, whatever key they send: Kafka's super.users. */
  readonly superUsers: ReadonlySet<string>
  /** Absent: no tokens are taken. */
  readonly tokens?: TokenVerifier | undefined
}

export type Authentication =
  | { readonly kind: "caller"; readonly caller: Caller }
  /** The header says nothing, or nothing that could be a key. */
  | { readonly kind: "no_key" }
  /** Unknown, revoked, expired or with another secret: which of these, only the log tells. `id`: of the key that was tried. */
  | { readonly kind: "refused"; readonly id: string; readonly reason: "unknown" | "wrong_secret" | "expired" }
  /** `reason`: behind "because". */
  | { readonly kind: "token_refused"; readonly reason: string }
  /** Nobody can tell now whether the token is good. `detail`: a sentence. */
  | { readonly kind: "issuer_unreachable"; readonly detail: string }
  | Unavailable

const BEARER = /^Bearer +(\S+) *$/i

/** Hash of nothing that anybody has: looking for an unknown key takes the same comparison as for one that is known. */
const NO_HASH = new Uint8Array(32)

/**
 * `authorization`: the header of that name. A wrong secret takes the same two comparisons and the same look-up in storage as an
 * unknown id: what is remembered of a key is of use to those alone who have it. What is left is how long the storage takes to
 * find nothing, which may tell that an id is there: it is no secret, lists and logs show it, and nobody gets in with one.
 */
export async function authenticate(deps: AuthenticateDeps, authorization: string | undefined): Promise<Authentication> {
  const shown = BEARER.exec(authorization ?? "")?.[1] ?? ""
  if (deps.tokens !== undefined && isToken(shown)) return byToken(deps, deps.tokens, shown)
  const key = parseKey(shown)
  if (key === undefined) return { kind: "no_key" }
  const recalled = deps.keys.recall?.(key.id)
  const isRecalled = deps.hasHash(key.secret, recalled?.secretHash ?? NO_HASH)
  const found =
    isRecalled && recalled !== undefined ? ({ kind: "found", key: recalled } as const) : await deps.keys.findKey(key.id)
  if (found.kind === "unavailable") return found
  const matches = isRecalled || deps.hasHash(key.secret, found.kind === "found" ? found.key.secretHash : NO_HASH)
  if (found.kind === "not_found") return { kind: "refused", id: key.id, reason: "unknown" }
  if (!matches) return { kind: "refused", id: key.id, reason: "wrong_secret" }
  const { id, principal, expiresAt } = found.key
  const superUser = isSuperKey(found.key, deps.superUsers)
  if (isExpired(found.key, deps.clock.now())) return { kind: "refused", id: key.id, reason: "expired" }
  return known(deps, { name: principal, superUser }, { kind: "key", id, ...(expiresAt !== undefined && { expiresAt }) })
}

async function byToken(deps: AuthenticateDeps, tokens: TokenVerifier, token: string): Promise<Authentication> {
  const outcome = await tokens.verify(token)
  if (outcome.kind === "refused") return { kind: "token_refused", reason: outcome.reason }
  if (outcome.kind === "unreachable") return { kind: "issuer_unreachable", detail: outcome.detail }
  const { principal: name, expiresAt } = outcome
  return known(deps, { name, superUser: deps.superUsers.has(name) }, { kind: "token", expiresAt })
}

async function known(deps: AuthenticateDeps, principal: Principal, proof: Proof): Promise<Authentication> {
  const listed = principal.superUser ? NO_LISTS : await deps.bindings.bindings()
  if (listed.kind === "unavailable") return listed
  return { kind: "caller", caller: callerOf(principal, listed.bindings, proof) }
}

const NO_LISTS = { kind: "bindings", bindings: [] } as const
