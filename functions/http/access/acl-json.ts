/** Bindings as requests write them, and as answers do. */
import type { Acl, AclFilter, AclInput } from "stratalog/protocol"
import { type AclBinding, CLUSTER_NAME } from "../../access/acl.ts"
import type { BindingFilter } from "../../access/list-acls/matches.ts"

/** `resourceName` may be absent of the cluster alone: the schema sees to it. */
export function bindingOf({
  permission = "allow",
  patternType = "literal",
  resourceName = CLUSTER_NAME,
  ...said
}: AclInput): AclBinding {
  return { ...said, permission, patternType, resourceName }
}

export function aclJson({
  principal,
  permission,
  operation,
  resourceType,
  resourceName,
  patternType,
}: AclBinding): Acl {
  return { principal, permission, operation, resourceType, resourceName, patternType }
}

/** Without what was not said. */
export function filterOf(asked: AclFilter): BindingFilter {
  const { principal, permission, operation, resourceType, resourceName, patternType } = asked
  return {
    ...(principal !== undefined && { principal }),
    ...(permission !== undefined && { permission }),
    ...(operation !== undefined && { operation }),
    ...(resourceType !== undefined && { resourceType }),
    ...(resourceName !== undefined && { resourceName }),
    ...(patternType !== undefined && { patternType }),
  }
}
