/** Refuses what a caller may not do. */
import type { Requirement } from "../../access/acl.ts"
import type { Caller } from "../../access/caller.ts"
import { Refusal } from "../exchange.ts"

/** Throws a `Refusal` that names each permission which is missing. */
export function requireAllowed(caller: Caller, required: readonly Requirement[]): void {
  const denied = required.filter((one) => !caller.allows(one))
  if (denied.length > 0) throw deniedTo(caller, denied)
}

export function deniedTo({ name }: Pick<Caller, "name">, denied: readonly Requirement[]): Refusal {
  const [first] = denied.map(({ operation, resourceType, resourceName, patternType }) => {
    if (patternType !== "prefixed") return `${operation} ${resourceType} ${resourceName}`
    return `${operation} every ${resourceType}${resourceName === "" ? "" : ` whose name begins with ${resourceName}`}`
  })
  const others = denied.length > 1 ? ` and ${denied.length - 1} more` : ""
  return new Refusal("not_authorized", `${name} is not allowed to ${first}${others}.`, { principal: name, denied })
}
