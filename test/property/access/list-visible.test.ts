import "./seeded.ts"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { AclBinding, Principal } from "../../../functions/access/acl.ts"
import { isAllowed } from "../../../functions/access/decide.ts"
import { listVisible, type NamesToLookUp } from "../../../functions/access/list-visible.ts"
import { visibleTo } from "../../../functions/access/visible.ts"

const alice: Principal = { name: "User:alice", superUser: false }
const name = fc.string({ unit: fc.constantFrom("a", "b", "-", "Z"), minLength: 1, maxLength: 4 })

const binding: fc.Arbitrary<AclBinding> = fc.record({
  principal: fc.constantFrom("User:alice", "User:*", "User:bob"),
  permission: fc.constantFrom("allow", "allow", "deny"),
  operation: fc.constantFrom("read", "describe", "all", "create"),
  resourceType: fc.constantFrom("topic", "topic", "topic", "group"),
  patternType: fc.constantFrom("literal", "prefixed"),
  resourceName: fc.oneof({ weight: 6, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom("*", "") }),
})

/** A storage of names that notes what is asked of it. */
function storageOf(names: readonly string[]) {
  const sorted = [...new Set(names)].sort()
  const looks: NamesToLookUp[] = []
  const lookUp = (asked: NamesToLookUp) => {
    looks.push(asked)
    const { after = "", prefix, limit } = asked
    const found = sorted.filter((each) => each > after && each.startsWith(prefix))
    const items = found.slice(0, limit).map((each) => ({ name: each }))
    const next = items.at(-1)?.name
    return { items, ...(found.length > limit && next !== undefined && { next }) }
  }
  return { lookUp, looks }
}

type Request = Parameters<typeof listVisible>[1]

async function pagesOf(bindings: readonly AclBinding[], names: readonly string[], request: Request) {
  const { lookUp, looks } = storageOf(names)
  const visible = visibleTo(bindings, alice, "topic")
  const shown: string[] = []
  const cursors: string[] = []
  let most = 0
  for (let after = request.after; ; ) {
    const before = looks.length
    const page = await listVisible(visible, { ...request, after }, lookUp)
    if ("kind" in page) throw new Error(page.detail)
    expect(page.items.length).toBeLessThanOrEqual(request.limit)
    most = Math.max(most, looks.length - before)
    shown.push(...page.items.map((each) => each.name))
    if (page.next === undefined) return { shown, cursors, looks, most }
    expect(page.next > (after ?? "")).toBe(true)
    after = page.next
    cursors.push(after)
  }
}

const mayDescribe = (bindings: readonly AclBinding[], resourceName: string) =>
  isAllowed(bindings, alice, { operation: "describe", resourceType: "topic", resourceName })

describe("a list of what may be described", () => {
  it("has each name that is allowed, in order, once, and no cursor says a name that is not", async () => {
    const property = fc.asyncProperty(
      fc.array(binding, { maxLength: 8 }),
      fc.array(name, { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      fc.oneof(fc.constant(""), name),
      async (bindings, names, limit, prefix) => {
        const { shown, cursors } = await pagesOf(bindings, names, { limit, prefix })
        const expected = [...new Set(names)].filter((each) => each.startsWith(prefix) && mayDescribe(bindings, each))
        expect(shown).toEqual(expected.sort())
        for (const cursor of cursors) expect(names.includes(cursor) && !mayDescribe(bindings, cursor)).toBe(false)
      },
    )
    await fc.assert(property, { numRuns: 1_000 })
  })

  const allow = { principal: "User:alice", permission: "allow", operation: "describe", resourceType: "topic" } as const
  const many = Array.from({ length: 100_000 }, (_, at) => `t${at}`)

  it("is found by one look where one of 100,000 is allowed", async () => {
    const { shown, looks } = await pagesOf([{ ...allow, patternType: "literal", resourceName: "t77777" }], many, {
      limit: 100,
    })
    expect(shown).toEqual(["t77777"])
    expect(looks).toEqual([{ prefix: "t77777", limit: 1 }])
  })

  it("passes over 100,000 that a prefix denies by one look more", async () => {
    const all = { ...allow, patternType: "literal", resourceName: "*" } as const
    const deny = { ...allow, permission: "deny", patternType: "prefixed", resourceName: "t" } as const
    const { shown, looks } = await pagesOf([all, deny], ["a", ...many, "u"], { limit: 100 })
    expect(shown).toEqual(["a", "u"])
    expect(looks).toHaveLength(2)
  })

  it("ends a page early where the caller's lists name much that is not there, and goes on", async () => {
    const named = Array.from({ length: 500 }, (_, at) => `n${at}`)
    const bindings = named.map((each) => ({ ...allow, patternType: "literal" as const, resourceName: each }))
    const { shown, most, cursors } = await pagesOf(bindings, [...many, "n7", "n99"], { limit: 100 })
    expect(shown).toEqual(["n7", "n99"])
    expect(most).toBe(50)
    expect(cursors).toHaveLength(9)
  })
})
