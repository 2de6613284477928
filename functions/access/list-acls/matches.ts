/** Which bindings a filter finds, as Kafka's AclBindingFilter does. Pure. */
import type { AclBinding } from "../acl.ts"
import { means } from "../decide.ts"

export interface BindingFilter extends Partial<Omit<AclBinding, "patternType">> {
  /** `any`: whose name is the filter's. `match`: that concern a resource of that name. Default `any`. */
  readonly patternType?: AclBinding["patternType"] | "any" | "match"
}

export function matches(binding: AclBinding, filter: BindingFilter): boolean {
  const { principal, permission, operation, resourceType, resourceName, patternType = "any" } = filter
  return (
    isOrAny(principal, binding.principal) &&
    isOrAny(permission, binding.permission) &&
    isOrAny(operation, binding.operation) &&
    isOrAny(resourceType, binding.resourceType) &&
    (patternType === "match"
      ? resourceName === undefined || means(binding, resourceName)
      : isOrAny(resourceName, binding.resourceName) && (patternType === "any" || patternType === binding.patternType))
  )
}

function isOrAny(wanted: string | undefined, found: string): boolean {
  return wanted === undefined || wanted === found
}
