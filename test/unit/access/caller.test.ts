import { expect, it } from "vitest"
import type { AclBinding } from "../../../functions/access/acl.ts"
import { callerOf } from "../../../functions/access/caller.ts"

const read = (principal: string, resourceName: string, permission: AclBinding["permission"] = "allow"): AclBinding => {
  return { principal, permission, operation: "read", resourceType: "topic", patternType: "literal", resourceName }
}
const wanted = (resourceName: string) => ({ operation: "read", resourceType: "topic", resourceName }) as const

it("callers with the same lists have each their own rights, and those of everybody", () => {
  const lists = [read("User:a", "one"), read("User:b", "two"), read("User:*", "all"), read("User:*", "two", "deny")]
  const as = (name: string) => {
    const caller = callerOf({ name, superUser: false }, lists, { kind: "iam" })
    return ["one", "two", "all"].filter((topic) => caller.allows(wanted(topic)))
  }
  for (const _again of [1, 2]) {
    expect(as("User:a")).toEqual(["one", "all"])
    expect(as("User:b")).toEqual(["all"])
    expect(as("User:c")).toEqual(["all"])
  }
  const first = callerOf({ name: "User:a", superUser: true }, lists, { kind: "iam" })
  expect(first.allows(wanted("two"))).toBe(true)
})
