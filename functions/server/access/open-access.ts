/** Composes access control over the keys and lists of a storage. */
import { isPrincipal } from "stratalog/protocol"
import type { AccessControl } from "../../access/control.ts"
import { makeFirstKey } from "../../access/first-key.ts"
import type { AccessStore, StoredKey } from "../../access/ports.ts"
import { forgettingStore, rememberedAccess } from "../../access/remembered.ts"
import { findSuperKey } from "../../access/super-keys.ts"
import type { TokenVerifier } from "../../access/tokens.ts"
import { hasHash, secretHash, unguessable } from "../../codecs/key-secret.ts"
import { type Gate, openGate } from "../../http/access/gate.ts"
import { keyGate } from "../../http/access/key-gate.ts"
import type { Report } from "../../http/logs/log-line.ts"
import type { Clock } from "../../log/ports.ts"
import type { TokenOptions } from "../../tokens/verify-tokens.ts"
import { StartError } from "../start-error.ts"
import { type Auth, type AuthWarning, decideAuth } from "./decide-auth.ts"
import { isTrustworthy } from "./jwks-url.ts"
import { refusedCallers } from "./refused-callers.ts"
import { SUPER_KEY_RULE, superKeyOf, withSuperKey } from "./super-key.ts"

export interface AccessOptions {
  /**
   * Whether callers need an API key. Default `auto`: no on loopback; elsewhere, and where keys are stored, it has to be said.
   */
  readonly auth?: Auth
  /** Principals that may do everything, whatever key they send: `User:ops`. */
  readonly superUsers?: readonly string[]
  /** A whole API key (`stk_...`) that may do everything while this server runs. It is stored nowhere. */
  readonly superKey?: string
  /** Takes tokens of an identity provider beside keys. */
  readonly tokens?: Omit<TokenOptions, "clock">
}

export interface AccessSurroundings {
  readonly host: string
  readonly tls: boolean
  readonly report: Report
}

/** Where keys and lists are stored. */
export interface StoredAccess {
  readonly store: AccessStore
  /** How long what was read may be used, milliseconds; for ever where nobody else changes it. */
  readonly rememberMs: number
}

export interface OpenAccess {
  readonly gate: Gate
  /** Absent where nobody is asked. */
  readonly control?: AccessControl
  readonly warning?: AuthWarning
  /** Makes a key of a super-user where nobody has one; undefined where somebody has. Rejects with a `StartError`. */
  firstKey(): Promise<string | undefined>
}

const clock: Clock = { now: Date.now }

/** Rejects with a `StartError`. */
export async function openAccess(
  stored: StoredAccess,
  options: AccessOptions,
  { host, tls, report }: AccessSurroundings,
): Promise<OpenAccess> {
  const { auth = "auto", superUsers = [], superKey, tokens } = options
  const own = superKey === undefined ? undefined : superKeyOf(superKey, clock.now())
  if (superKey !== undefined && own === undefined) throw new StartError(`STRATALOG_SUPER_KEY: ${SUPER_KEY_RULE}`)
  const unknown = superUsers.find((name) => !isPrincipal(name))
  if (unknown !== undefined) throw new StartError(`The super-user ${unknown} is no principal such as User:ops.`)
  if (tokens !== undefined && !isTrustworthy(tokens.jwksUrl.href)) {
    throw new StartError(
      `${tokens.jwksUrl} is no https:// address: whoever could change the keys there lets in anybody.`,
    )
  }
  const decision = decideAuth({ auth, host, tls, hasKeys: await hasKeys(stored.store), unused: forCallers(options) })
  if (decision.kind === "refused") throw new StartError(decision.detail)
  const { warning } = decision
  const said = warning && { warning }
  if (decision.kind === "off") return { gate: openGate, ...said, firstKey: async () => undefined }
  const verifier = tokens === undefined ? undefined : await loadVerifier(tokens)
  return { ...controlled(stored, new Set(superUsers), own, verifier, report), ...said }
}

function controlled(
  { store, rememberMs }: StoredAccess,
  superUsers: ReadonlySet<string>,
  own: StoredKey | undefined,
  tokens: TokenVerifier | undefined,
  report: AccessSurroundings["report"],
): OpenAccess & { readonly control: AccessControl } {
  const remembered = rememberedAccess(store, { ttlMs: rememberMs, clock })
  const known = withSuperKey(remembered, own)
  const control: AccessControl = {
    store: forgettingStore(store, remembered),
    secrets: { unguessable, secretHash },
    superUsers,
    managedOtherwise: own !== undefined,
    ...(own !== undefined && { ownKeyId: own.id }),
  }
  return {
    gate: keyGate({ keys: known, bindings: known, hasHash, clock, superUsers, tokens }, refusedCallers(report)),
    control,
    firstKey: async () => (own === undefined ? firstKeyOf(control) : undefined),
  }
}

/** Most servers take none. */
async function loadVerifier(tokens: Omit<TokenOptions, "clock">): Promise<TokenVerifier> {
  const { tokenVerifier } = await import("../../tokens/verify-tokens.ts")
  return tokenVerifier({ ...tokens, clock })
}

async function firstKeyOf({ store, secrets, superUsers }: AccessControl): Promise<string | undefined> {
  const found = await findSuperKey({ keys: store, clock, superUsers })
  if (found.kind === "unavailable") throw new StartError(`Keys cannot be read: ${found.detail}`)
  if (found.kind === "found") return undefined
  const made = await makeFirstKey({ keys: store, ...secrets, clock }, {})
  if (made.kind === "unavailable") throw new StartError(`The first key cannot be made: ${made.detail}`)
  return made.kind === "created" ? made.key : undefined
}

/** What was set of those who may call. */
function forCallers({ superUsers = [], superKey, tokens }: AccessOptions): readonly string[] {
  return [
    ...(superKey === undefined ? [] : ["STRATALOG_SUPER_KEY"]),
    ...(superUsers.length === 0 ? [] : ["--super-users"]),
    ...(tokens === undefined ? [] : ["--jwt-issuer"]),
  ]
}

async function hasKeys(store: AccessStore): Promise<boolean> {
  const page = await store.listKeys({ limit: 1 })
  if (page.kind === "unavailable") throw new StartError(`Keys cannot be read: ${page.detail}`)
  return page.keys.length > 0
}
