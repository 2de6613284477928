/** What a function knows of callers: keys and lists, from DynamoDB and remembered for a while. */
import type { AuthenticateDeps } from "../../access/authenticate.ts"
import type { AccessStore } from "../../access/ports.ts"
import { forgettingStore, rememberedAccess } from "../../access/remembered.ts"
import { hasHash } from "../../codecs/key-secret.ts"
import { clock } from "../process-parts.ts"

export type KnownCallers = Omit<AuthenticateDeps, "superUsers">

/** Of whatever serves requests. The storage is asked for nothing before a gate wants it. */
export interface WithCallers {
  readonly callers: KnownCallers
}

/** Of whatever manages who may do what. */
export interface WithAccessStore {
  readonly accessStore: AccessStore
}

/** `delayMs`: a change that another environment makes may take so long to be known here; one that is made here takes none. */
export function knownCallers(store: AccessStore, delayMs: number): WithCallers & WithAccessStore {
  const known = rememberedAccess(store, { ttlMs: delayMs, clock })
  return {
    callers: { keys: known, bindings: known, hasHash, clock },
    accessStore: forgettingStore(store, known),
  }
}
