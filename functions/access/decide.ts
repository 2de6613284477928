/** Whether a principal may do something, as Kafka's authorizer decides. Pure. */
import { type AclBinding, ALL, type Operation, type Principal, type Requirement } from "./acl.ts"

const EVERYBODY = "User:*"

/** Who may do one of these may look at it as well. */
const IMPLIES: Readonly<Partial<Record<Operation, readonly Operation[]>>> = {
  describe: ["read", "write", "delete", "alter"],
  describe_configs: ["alter_configs"],
}

/** Deny beats allow, whichever is more specific; what nothing allows is denied. */
export function isAllowed(bindings: readonly AclBinding[], principal: Principal, required: Requirement): boolean {
  if (principal.superUser) return true
  let allowed = false
  for (const binding of bindings) {
    if (!concerns(binding, principal) || !covers(binding, required)) continue
    if (binding.permission === "deny") {
      if (binding.operation === "all" || binding.operation === required.operation) return false
    } else if (grants(binding.operation, required.operation)) allowed = true
  }
  return allowed
}

/** Whether there is any resource of the type for which this is allowed: for requests that name none, such as lists. */
export function isAllowedSomewhere(
  bindings: readonly AclBinding[],
  principal: Principal,
  { operation, resourceType }: Omit<Requirement, "resourceName">,
): boolean {
  if (principal.superUser) return true
  return bindings.some(
    (binding) =>
      binding.permission === "allow" &&
      binding.resourceType === resourceType &&
      concerns(binding, principal) &&
      grants(binding.operation, operation),
  )
}

function concerns(binding: AclBinding, { name }: Principal): boolean {
  return binding.principal === name || binding.principal === EVERYBODY
}

function covers({ resourceType, patternType, resourceName }: AclBinding, required: Requirement): boolean {
  if (resourceType !== required.resourceType) return false
  if (patternType === "prefixed") return required.resourceName.startsWith(resourceName)
  return resourceName === ALL || resourceName === required.resourceName
}

function grants(given: AclBinding["operation"], wanted: Operation): boolean {
  return given === "all" || given === wanted || IMPLIES[wanted]?.includes(given) === true
}
