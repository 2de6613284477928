/** What a function knows of callers: keys and lists, from DynamoDB and remembered for a while. */
import type { AuthenticateDeps } from "../../access/authenticate.ts"
import type { AccessStore } from "../../access/ports.ts"
import { forgettingStore, rememberedAccess } from "../../access/remembered.ts"
import { hasHash } from "../../codecs/key-secret.ts"
import { createAccessStore } from "../../storage/aws/dynamodb/access-store.ts"
import type { TableClients } from "../../storage/aws/dynamodb/table-clients.ts"
import { clock } from "../process-parts.ts"
import type { ServiceOptions } from "../service-options.ts"

export type KnownCallers = Omit<AuthenticateDeps, "superUsers">

/** Of whatever serves requests. The storage is asked for nothing before a gate wants it. */
export interface WithCallers {
  readonly callers: KnownCallers
}

/** Of whatever manages who may do what. */
export interface WithAccessStore {
  readonly accessStore: AccessStore
}

/** A change that another environment makes may take `accessDelayMs` to be known here; one that is made here takes none. */
export function knownCallers(
  { clients, table }: TableClients,
  { limits }: Pick<ServiceOptions, "limits">,
): WithCallers & WithAccessStore {
  const store = createAccessStore(clients, table)
  const known = rememberedAccess(store, { ttlMs: limits.accessDelayMs, clock })
  return {
    callers: { keys: known, bindings: known, hasHash, clock },
    accessStore: forgettingStore(store, known),
  }
}
