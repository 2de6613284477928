import "./seeded.ts"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type AclBinding,
  CLUSTER_NAME,
  type Operation,
  type Principal,
  type Requirement,
} from "../../../functions/access/acl.ts"
import { isAllowed } from "../../../functions/access/decide.ts"
import { isAllowedSomewhere } from "../../../functions/access/visible.ts"

const operations: readonly Operation[] = [
  "read",
  "write",
  "create",
  "delete",
  "alter",
  "describe",
  "alter_configs",
  "describe_configs",
]
const resourceType = fc.constantFrom("topic", "group", "cluster")
const name = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 3 })
const user = fc.constantFrom("User:alice", "User:bob")

const binding: fc.Arbitrary<AclBinding> = fc.record({
  principal: fc.oneof(user, fc.constant("User:*")),
  permission: fc.constantFrom("allow", "deny"),
  operation: fc.constantFrom(...operations, "all"),
  resourceType,
  patternType: fc.constantFrom("literal", "prefixed"),
  resourceName: fc.oneof(name, fc.constantFrom("*", CLUSTER_NAME, CLUSTER_NAME.slice(0, 2))),
})
const bindings = fc.array(binding, { maxLength: 6 })
const principal: fc.Arbitrary<Principal> = fc.record({ name: user, superUser: fc.constant(false) })
const requirement: fc.Arbitrary<Requirement> = fc.record({
  operation: fc.constantFrom(...operations),
  resourceType,
  resourceName: name,
})

/** The rule as Kafka's documentation tells it, written the slow way round: from all names that a binding could mean. */
function expected(all: readonly AclBinding[], { name }: Principal, wanted: Requirement): boolean {
  const about = all
    .filter(({ principal }) => [name, "User:*"].includes(principal))
    .filter((each) => {
      const means = (name: string) =>
        each.patternType === "literal"
          ? ["*", name].includes(each.resourceName)
          : each.resourceName === name.slice(0, each.resourceName.length)
      if (each.resourceType === "cluster" && wanted.resourceType === "topic" && wanted.operation === "create")
        return means(CLUSTER_NAME)
      return each.resourceType === wanted.resourceType && means(wanted.resourceName)
    })
  if (about.some(({ permission, operation }) => permission === "deny" && ["all", wanted.operation].includes(operation)))
    return false
  const enough: string[] = ["all", wanted.operation]
  if (wanted.operation === "describe") enough.push("read", "write", "delete", "alter")
  if (wanted.operation === "describe_configs") enough.push("alter_configs")
  return about.some(({ permission, operation }) => permission === "allow" && enough.includes(operation))
}

const runs = { numRuns: 5_000 }

describe("access control lists", () => {
  it("decide as Kafka's do", () => {
    fc.assert(
      fc.property(bindings, principal, requirement, (all, who, wanted) => {
        expect(isAllowed(all, who, wanted)).toBe(expected(all, who, wanted))
      }),
      runs,
    )
  })

  it("allow a prefix where they allow every name that begins so", () => {
    fc.assert(
      fc.property(
        bindings,
        principal,
        requirement,
        fc.string({ unit: fc.constantFrom("a", "b", "c") }),
        (all, who, wanted, more) => {
          if (!isAllowed(all, who, { ...wanted, patternType: "prefixed" })) return
          const resourceName = `${wanted.resourceName}${more}`
          expect(isAllowed(all, who, { ...wanted, resourceName })).toBe(true)
        },
      ),
      runs,
    )
    const alice = { name: "User:alice", superUser: false }
    const allow = { principal: "User:alice", permission: "allow", operation: "read", resourceType: "topic" } as const
    const wanted = { operation: "read", resourceType: "topic", resourceName: "ab", patternType: "prefixed" } as const
    const isAllowedBy = (...all: AclBinding[]) => isAllowed(all, alice, wanted)
    const prefix = { ...allow, patternType: "prefixed", resourceName: "a" } as const
    expect(isAllowedBy(prefix)).toBe(true)
    expect(isAllowedBy({ ...allow, patternType: "literal", resourceName: "*" })).toBe(true)
    expect(isAllowedBy({ ...allow, patternType: "literal", resourceName: "ab" })).toBe(false)
    expect(isAllowedBy(prefix, { ...prefix, permission: "deny", patternType: "literal", resourceName: "abc" })).toBe(
      false,
    )
    expect(isAllowedBy(prefix, { ...prefix, permission: "deny", patternType: "literal", resourceName: "ac" })).toBe(
      true,
    )
  })

  it("never allow more by a deny, nor less by an allow, wherever it stands", () => {
    fc.assert(
      fc.property(bindings, binding, principal, requirement, (all, one, who, wanted) => {
        const before = isAllowed(all, who, wanted)
        for (const after of [isAllowed([one, ...all], who, wanted), isAllowed([...all, one], who, wanted)]) {
          if (one.permission === "deny") expect(after && !before).toBe(false)
          else expect(before && !after).toBe(false)
        }
      }),
      runs,
    )
  })

  it("say that something is allowed somewhere wherever it is allowed for a name", () => {
    fc.assert(
      fc.property(bindings, principal, requirement, (all, who, wanted) => {
        if (isAllowed(all, who, wanted)) expect(isAllowedSomewhere(all, who, wanted)).toBe(true)
      }),
      runs,
    )
    const alice = { name: "User:alice", superUser: false }
    const one = { principal: "User:alice", operation: "write", resourceType: "topic", resourceName: "a" } as const
    const allow = { ...one, permission: "allow", patternType: "prefixed" } as const
    const deny = { ...allow, permission: "deny" } as const
    const somewhere = (...lists: AclBinding[]) =>
      isAllowedSomewhere(lists, alice, { operation: "write", resourceType: "topic" })
    expect(somewhere(allow)).toBe(true)
    expect(somewhere(allow, { ...deny, resourceName: "ab" })).toBe(true)
    expect(somewhere(allow, deny)).toBe(false)
    expect(somewhere(allow, { ...deny, patternType: "literal", resourceName: "*" })).toBe(false)
  })

  it("allow nothing where nothing is said, and a super-user everything", () => {
    fc.assert(
      fc.property(bindings, principal, requirement, (all, who, wanted) => {
        expect(isAllowed([], who, wanted)).toBe(false)
        expect(isAllowed(all, { ...who, superUser: true }, wanted)).toBe(true)
      }),
    )
  })
})
