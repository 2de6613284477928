import type { Clock, Unavailable } from "../../log/ports.ts"
import type { AccessControl } from "../control.ts"
import { isExpired } from "../expiry.ts"
import type { RemoveKeyOutcome, StoredKey } from "../ports.ts"
import { findSuperKey, isSuperKey } from "../super-keys.ts"

export type RevokeKeyDeps = Pick<AccessControl, "store" | "superUsers" | "managedOtherwise" | "ownKeyId"> & {
  readonly clock: Clock
}

export type RevokeKeyOutcome =
  | RemoveKeyOutcome
  /** Without it nobody could manage access any more, now or when the keys end that are left. */
  | { readonly kind: "last_super_key" }
  /** A key of a super-user, and the caller is none. */
  | { readonly kind: "not_yours"; readonly principal: string }
  /** The process was started with it. */
  | { readonly kind: "own_key" }
  | Unavailable

/** Two that are revoked at the same moment may both find the other: the next start makes a first key again. */
export async function revokeKey(
  { store, superUsers, managedOtherwise, ownKeyId, clock }: RevokeKeyDeps,
  id: string,
  by: { readonly superUser: boolean },
): Promise<RevokeKeyOutcome> {
  if (id === ownKeyId) return { kind: "own_key" }
  const found = await store.findKey(id)
  if (found.kind !== "found") return found
  if (isSuperKey(found.key, superUsers)) {
    if (!by.superUser) return { kind: "not_yours", principal: found.key.principal }
    const other =
      managedOtherwise || isExpired(found.key, clock.now())
        ? undefined
        : await findSuperKey({ keys: store, clock, superUsers }, { except: id, lasting: isLasting(found.key) })
    if (other?.kind === "unavailable") return other
    if (other?.kind === "none") return { kind: "last_super_key" }
  }
  return store.removeKey(id)
}

/** One that ends is no substitute for one that does not. */
function isLasting({ expiresAt }: StoredKey): boolean {
  return expiresAt === undefined
}
