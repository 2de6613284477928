import { CLUSTER, MAX_ACLS } from "stratalog/protocol"
import { beforeEach, describe, expect, it } from "vitest"
import { type AclBinding, CLUSTER_NAME } from "../../../functions/access/acl.ts"
import { addAcls } from "../../../functions/access/add-acls/add-acls.ts"
import { bindingText } from "../../../functions/access/binding-text.ts"
import { listAcls } from "../../../functions/access/list-acls/list-acls.ts"
import { type BindingFilter, matches } from "../../../functions/access/list-acls/matches.ts"
import { type AccessStore, MAX_BINDINGS } from "../../../functions/access/ports.ts"
import { removeAcls } from "../../../functions/access/remove-acls/remove-acls.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"

const reads: AclBinding = {
  principal: "User:alice",
  permission: "allow",
  operation: "read",
  resourceType: "topic",
  resourceName: "orders",
  patternType: "literal",
}
const prefixed: AclBinding = { ...reads, resourceName: "ord", patternType: "prefixed" }
const every: AclBinding = { ...reads, resourceName: "*" }
const everybody: AclBinding = { ...reads, principal: "User:*", operation: "describe" }
const denied: AclBinding = { ...reads, permission: "deny", operation: "all", resourceType: "group" }
const all = [reads, prefixed, every, everybody, denied]

let store: AccessStore
beforeEach(async () => {
  store = createMemoryAccessStore()
  await addAcls(store, all)
})

describe("a filter", () => {
  // As org.apache.kafka.common.acl.AclBindingFilter and ResourcePatternFilter find them.
  it.each<[BindingFilter, AclBinding[]]>([
    [{}, all],
    [{ patternType: "any" }, all],
    [{ principal: "User:alice" }, [reads, prefixed, every, denied]],
    [{ principal: "User:*" }, [everybody]],
    [{ operation: "read" }, [reads, prefixed, every]],
    [{ operation: "all" }, [denied]],
    [{ permission: "deny" }, [denied]],
    [{ resourceType: "group" }, [denied]],
    [{ resourceName: "orders" }, [reads, everybody, denied]],
    [{ resourceName: "ord" }, [prefixed]],
    [{ resourceName: "*" }, [every]],
    [{ resourceName: "orders", patternType: "literal" }, [reads, everybody, denied]],
    [{ resourceName: "orders", patternType: "prefixed" }, []],
    [{ patternType: "prefixed" }, [prefixed]],
    [{ resourceName: "orders", patternType: "match" }, all],
    [{ resourceName: "ordinary", patternType: "match" }, [prefixed, every]],
    [{ resourceName: "or", patternType: "match", resourceType: "topic" }, [every]],
    [{ patternType: "match" }, all],
  ])("%j finds what Kafka's does", (filter, expected) => {
    expect(all.filter((binding) => matches(binding, filter))).toEqual(expected)
  })
})

describe("access control lists", () => {
  it("are there once each, in one order", async () => {
    expect(await addAcls(store, [every, reads, reads])).toEqual({
      kind: "added",
      bindings: [reads, every].sort(byText),
    })
    expect(await listAcls(store, {})).toEqual({ kind: "bindings", bindings: all.toSorted(byText) })
  })

  it("are removed by name or by filter, and told", async () => {
    const unknown = { ...reads, resourceName: "other" }
    expect(await removeAcls(store, [reads, unknown])).toEqual({ kind: "removed", bindings: [reads] })
    expect(await removeAcls(store, [reads])).toEqual({ kind: "removed", bindings: [] })
    expect(await removeAcls(store, { principal: "User:alice" })).toMatchObject({ bindings: { length: 3 } })
    expect(await listAcls(store, {})).toEqual({ kind: "bindings", bindings: [everybody] })
  })

  it("are so many at the most, and added all or none", async () => {
    const many = Array.from({ length: MAX_BINDINGS - all.length }, (_, n) => ({ ...reads, resourceName: `t${n}` }))
    expect(await addAcls(store, [...many, { ...reads, resourceName: "one-more" }])).toEqual({ kind: "full" })
    expect(await listAcls(store, {})).toMatchObject({ bindings: { length: all.length } })
    expect(await addAcls(store, many)).toMatchObject({ kind: "added" })
    expect(await addAcls(store, [reads])).toMatchObject({ kind: "added" })
  })

  it("have the bounds that the protocol tells", () => {
    expect([MAX_ACLS, CLUSTER]).toEqual([MAX_BINDINGS, CLUSTER_NAME])
  })
})

function byText(a: AclBinding, b: AclBinding): number {
  return bindingText(a) < bindingText(b) ? -1 : 1
}
