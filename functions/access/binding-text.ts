/**
 * A binding as one text, the same for the same binding: `allow|read|topic|literal|User:alice|orders`, with the two parts that
 * people choose percent-encoded. Pure.
 */
import { newerFormat } from "../log/newer-format.ts"
import type { AclBinding } from "./acl.ts"

const PERMISSIONS = ["allow", "deny"] as const
const OPERATIONS = [
  "all",
  "read",
  "write",
  "create",
  "delete",
  "alter",
  "describe",
  "alter_configs",
  "describe_configs",
] as const satisfies readonly AclBinding["operation"][]
const RESOURCE_TYPES = ["topic", "group", "cluster"] as const
const PATTERN_TYPES = ["literal", "prefixed"] as const

export function bindingText(binding: AclBinding): string {
  const { permission, operation, resourceType, patternType, principal, resourceName } = binding
  const chosen = [principal, resourceName].map((part) => encodeURIComponent(part))
  return [permission, operation, resourceType, patternType, ...chosen].join("|")
}

/** Throws for a text that this version does not know: to skip a binding might allow what it denies. */
export function readBinding(text: string): AclBinding {
  const [permission, operation, resourceType, patternType, principal, resourceName, ...more] = text.split("|")
  const binding = {
    permission: PERMISSIONS.find((known) => known === permission),
    operation: OPERATIONS.find((known) => known === operation),
    resourceType: RESOURCE_TYPES.find((known) => known === resourceType),
    patternType: PATTERN_TYPES.find((known) => known === patternType),
    principal: decoded(principal),
    resourceName: decoded(resourceName),
  }
  if (more.length > 0 || !isWhole(binding)) {
    throw newerFormat(`The access control list "${text}"`, 1)
  }
  return binding
}

type Parts = { readonly [Part in keyof AclBinding]: AclBinding[Part] | undefined }

function isWhole(parts: Parts): parts is AclBinding {
  return Object.values(parts).every((part) => part !== undefined)
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part)
  } catch {
    return undefined
  }
}
