/**
 * The first key of a service that asks for keys: a super-user's, with which all others can be made. Its id is fixed, so that two
 * who make it at once make one.
 */
import type { Clock, Unavailable } from "../log/ports.ts"
import type { KeySecrets } from "./control.ts"
import { formatKey, KEY_ID_BYTES, KEY_SECRET_BYTES, makeKey } from "./key-format.ts"
import type { KeyStore } from "./ports.ts"

export const FIRST_KEY_ID = "firstkeyfirstkey"

export const FIRST_PRINCIPAL = "User:admin"

export interface FirstKeyDeps extends KeySecrets {
  readonly keys: Pick<KeyStore, "createKey" | "removeKey">
  readonly clock: Clock
}

export interface FirstKeyRequest {
  /** Whose it is; default `User:admin`. */
  readonly principal?: string | undefined
  /** In place of the one that is there, which is taken no more. */
  readonly replace?: boolean | undefined
}

export type FirstKeyOutcome =
  | { readonly kind: "created"; readonly key: string; readonly principal: string }
  /** It was made before, and nothing was changed. */
  | { readonly kind: "exists" }
  | Unavailable

/** Where the answer is lost, so is the key: `replace` makes another one. */
export async function makeFirstKey(
  { keys, unguessable, secretHash, clock }: FirstKeyDeps,
  { principal = FIRST_PRINCIPAL, replace = false }: FirstKeyRequest,
): Promise<FirstKeyOutcome> {
  const removed: Removed = replace ? await keys.removeKey(FIRST_KEY_ID) : { kind: "not_found" }
  if (removed.kind === "unavailable") return removed
  const { secret } = makeKey(unguessable(KEY_ID_BYTES), unguessable(KEY_SECRET_BYTES))
  const outcome = await keys.createKey({
    id: FIRST_KEY_ID,
    secretHash: secretHash(secret),
    principal,
    superUser: true,
    description: "The first key",
    createdAt: clock.now(),
  })
  // Where one was removed, something happened whatever became of the other.
  if (outcome.kind === "unavailable" && removed.kind === "removed") return { ...outcome, sideEffects: "unknown" }
  if (outcome.kind !== "created") return outcome
  return { kind: "created", key: formatKey({ id: FIRST_KEY_ID, secret }), principal }
}

type Removed = Awaited<ReturnType<KeyStore["removeKey"]>>
