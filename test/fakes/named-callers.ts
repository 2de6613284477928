/** A gate that takes the header `Authorization` for the name of who sends it. */
import type { AclBinding } from "../../functions/access/acl.ts"
import { callerOf } from "../../functions/access/caller.ts"
import type { Gate } from "../../functions/http/access/gate.ts"
import { unauthenticated } from "../../functions/http/access/key-gate.ts"

/** May do everything. */
export const ROOT = "User:root"

/** `lists` may change between requests. */
export function namedCallers(lists: readonly AclBinding[]): Gate {
  return (request) => {
    const name = request.header("authorization")
    if (name === undefined) throw unauthenticated("Say who you are.")
    return callerOf({ name, superUser: name === ROOT }, [...lists], { kind: "iam" })
  }
}

/** `read topic orders`, `write topic pay*`, `describe group *`; a star at the end is a prefix, alone it is all of them. */
export function binding(principal: string, permission: AclBinding["permission"], text: string): AclBinding {
  const [operation, resourceType, name = ""] = text.split(" ") as [
    AclBinding["operation"],
    AclBinding["resourceType"],
    string,
  ]
  const isPrefix = name.length > 1 && name.endsWith("*")
  const pattern = isPrefix
    ? ({ patternType: "prefixed", resourceName: name.slice(0, -1) } as const)
    : ({ patternType: "literal", resourceName: name } as const)
  return { principal, permission, operation, resourceType, ...pattern }
}

export function allowing(principal: string, ...texts: readonly string[]): AclBinding[] {
  return texts.map((text) => binding(principal, "allow", text))
}
