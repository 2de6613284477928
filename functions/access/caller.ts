/** Who asks, and what they may do. Pure. */
import { type AclBinding, EVERYBODY, type Principal, type Requirement, type ResourceType } from "./acl.ts"
import { isAllowed } from "./decide.ts"
import { isAllowedSomewhere, type Visible, visibleTo } from "./visible.ts"

/** By what somebody is known. `off`: nobody is asked. */
export type Proof =
  | { readonly kind: "off" }
  /** `expiresAt`: epoch milliseconds; absent: never. */
  | { readonly kind: "key"; readonly id: string; readonly expiresAt?: number }
  /** Of an identity provider. */
  | { readonly kind: "token"; readonly expiresAt: number }
  | { readonly kind: "iam" }

export interface Caller {
  /** For logs. */
  readonly name: string
  /** May do everything. */
  readonly superUser: boolean
  readonly proof: Proof
  allows(required: Requirement): boolean
  /** Whether there may be a resource of that type for which this is allowed. */
  allowsSomewhere(required: Omit<Requirement, "resourceName">): boolean
  /** What lists may show. */
  visible(type: ResourceType): Visible
}

export function callerOf(principal: Principal, bindings: readonly AclBinding[], proof: Proof): Caller {
  const own = principal.superUser ? [] : concerning(bindings, principal.name)
  return {
    name: principal.name,
    superUser: principal.superUser,
    proof,
    allows: (required) => isAllowed(own, principal, required),
    allowsSomewhere: (required) => isAllowedSomewhere(own, principal, required),
    visible: (type) => visibleTo(own, principal, type),
  }
}

/** Where nobody is asked who they are. */
export const anybody: Caller = callerOf({ name: "User:anonymous", superUser: true }, [], { kind: "off" })

/** Lists stay the same for many requests, and few of a thousand bindings concern one principal. */
const sorted = new WeakMap<readonly AclBinding[], ReadonlyMap<string, readonly AclBinding[]>>()

function concerning(bindings: readonly AclBinding[], name: string): readonly AclBinding[] {
  const known = sorted.get(bindings)
  const byPrincipal = known ?? Map.groupBy(bindings, ({ principal }) => principal)
  if (known === undefined) sorted.set(bindings, byPrincipal)
  return [...(byPrincipal.get(name) ?? []), ...(byPrincipal.get(EVERYBODY) ?? [])]
}
