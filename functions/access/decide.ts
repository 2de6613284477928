/** Whether a principal may do something, as Kafka's authorizer decides. Pure. */
import {
  type AclBinding,
  ALL,
  CLUSTER_NAME,
  EVERYBODY,
  type Operation,
  type Principal,
  type Requirement,
} from "./acl.ts"

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
    if (!concerns(binding, principal)) continue
    if (binding.permission === "deny") {
      if (touches(binding, required) && [required.operation, "all"].includes(binding.operation)) return false
    } else if (covers(binding, required) && grants(binding.operation, required.operation)) allowed = true
  }
  return allowed
}

/** Whether a binding is about this principal. */
export function concerns(binding: AclBinding, { name }: Principal): boolean {
  return binding.principal === name || binding.principal === EVERYBODY
}

/** All that is required: for a prefix, every name that begins so. */
function covers(binding: AclBinding, required: Requirement): boolean {
  if (createsAnyTopic(binding, required)) return true
  if (binding.resourceType !== required.resourceType) return false
  if (binding.patternType === "prefixed") return required.resourceName.startsWith(binding.resourceName)
  return binding.resourceName === ALL || (!isPrefix(required) && binding.resourceName === required.resourceName)
}

/** Some of what is required: for a prefix, any name that begins so. */
function touches(binding: AclBinding, required: Requirement): boolean {
  if (covers(binding, required)) return true
  if (!isPrefix(required) || binding.resourceType !== required.resourceType) return false
  return binding.resourceName.startsWith(required.resourceName)
}

function isPrefix({ patternType }: Requirement): boolean {
  return patternType === "prefixed"
}

/** Kafka's Create on the cluster is Create on every topic. */
export function createsAnyTopic(binding: AclBinding, required: Omit<Requirement, "resourceName">): boolean {
  const { resourceType, operation } = binding
  return (
    resourceType === "cluster" &&
    required.resourceType === "topic" &&
    required.operation === "create" &&
    (operation === "create" || operation === "all") &&
    // One of type `cluster` may have another name: it means nothing then.
    means(binding, CLUSTER_NAME)
  )
}

/** Whether a binding is about what has this name, if that is of its type. */
export function means({ patternType, resourceName }: AclBinding, name: string): boolean {
  return patternType === "prefixed" ? name.startsWith(resourceName) : resourceName === ALL || resourceName === name
}

/** Whether who may do `given` may do `wanted`. */
export function grants(given: AclBinding["operation"], wanted: Operation): boolean {
  return given === "all" || given === wanted || IMPLIES[wanted]?.includes(given) === true
}
