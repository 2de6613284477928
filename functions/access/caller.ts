/** Who asks, and what they may do. Pure. */
import type { AclBinding, Principal, Requirement, ResourceType } from "./acl.ts"
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
  return {
    name: principal.name,
    superUser: principal.superUser,
    proof,
    allows: (required) => isAllowed(bindings, principal, required),
    allowsSomewhere: (required) => isAllowedSomewhere(bindings, principal, required),
    visible: (type) => visibleTo(bindings, principal, type),
  }
}

/** Where nobody is asked who they are. */
export const anybody: Caller = callerOf({ name: "User:anonymous", superUser: true }, [], { kind: "off" })
