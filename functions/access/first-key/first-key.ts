/** The key by which somebody can begin to manage access, where nobody else can. */
import type { Clock, Unavailable } from "../../log/ports.ts"
import type { AccessControl } from "../control.ts"
import type { MadeKey } from "../create-key/create-key.ts"
import { formatKey, KEY_SECRET_BYTES, keyWithId } from "../key-format.ts"
import { findSuperKey } from "../super-keys.ts"

/** Always the same id: of several that make it at once, one does. */
export const FIRST_KEY_ID = "thefirstsuperkey"

export type FirstKeyDeps = Pick<AccessControl, "store" | "secrets" | "superUsers"> & { readonly clock: Clock }

export interface FirstKeyRequest {
  /** Whose key it is; a super-user's, whoever that is. */
  readonly principal: string
  /** Makes it even though there are keys of super-users, and revokes the first key that was made before: it is lost. */
  readonly replace?: boolean
}

/** `exists`: the id of a key of a super-user that is taken. */
export type FirstKeyOutcome = MadeKey | { readonly kind: "exists"; readonly id: string } | Unavailable

export async function firstKey(
  deps: FirstKeyDeps,
  { principal, replace = false }: FirstKeyRequest,
): Promise<FirstKeyOutcome> {
  const { store, secrets, clock } = deps
  const other = replace ? await removed(deps) : await findSuperKey({ ...deps, keys: store })
  if (other.kind === "unavailable") return other
  if (other.kind === "found") return { kind: "exists", id: other.key.id }
  const key = keyWithId(FIRST_KEY_ID, secrets.random(KEY_SECRET_BYTES))
  const stored = {
    id: key.id,
    secretHash: secrets.hash(key.secret),
    principal,
    superUser: true,
    description: "The first key of a super-user",
    createdAt: clock.now(),
  }
  const outcome = await store.createKey(stored)
  if (outcome.kind === "unavailable") return outcome
  return outcome.kind === "exists" ? { kind: "exists", id: key.id } : { kind: "created", key: formatKey(key), stored }
}

async function removed({ store }: Pick<FirstKeyDeps, "store">): Promise<{ readonly kind: "none" } | Unavailable> {
  const outcome = await store.removeKey(FIRST_KEY_ID)
  return outcome.kind === "unavailable" ? outcome : { kind: "none" }
}
