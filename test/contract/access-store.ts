/** What every `AccessStore` promises, whatever it is made of. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { AclBinding } from "../../functions/access/acl.ts"
import { bindingText } from "../../functions/access/binding-text.ts"
import { type AccessStore, MAX_BINDINGS } from "../../functions/access/ports.ts"
import { binding } from "../fakes/named-callers.ts"
import { storedKey } from "../fakes/stored-key.ts"
import type { MakeSubject, Subject } from "./subject.ts"

const allow = binding("User:alice", "allow", "read topic orders")

/** Each differs from `allow` in one thing alone. */
const others: readonly AclBinding[] = [
  { ...allow, principal: "User:*" },
  { ...allow, principal: "IAM:arn:aws:iam::123456789012:role/a/b" },
  { ...allow, permission: "deny" },
  { ...allow, operation: "all" },
  { ...allow, operation: "alter_configs" },
  { ...allow, resourceType: "group" },
  { ...allow, patternType: "prefixed" },
  { ...allow, resourceName: "*" },
  { ...allow, resourceName: "orders.eu" },
]

const byText = (bindings: readonly AclBinding[]) => bindings.map(bindingText).sort()

export function describeAccessStore(name: string, makeSubject: MakeSubject<Subject<AccessStore>>): void {
  describe(`access store: ${name}`, () => {
    let subject: Subject<AccessStore>
    let store: AccessStore
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    const present = async () => {
      const outcome = await store.bindings()
      return outcome.kind === "bindings" ? outcome.bindings : expect.unreachable(outcome.kind)
    }

    it("finds a key as it was written, and no other", async () => {
      const key = storedKey("k1", { superUser: true, description: "ночной 🔑 job", expiresAt: 1_763_700_000_000 })
      expect(await store.createKey(key)).toEqual({ kind: "created" })
      expect(await store.createKey(storedKey("k2"))).toEqual({ kind: "created" })
      expect(await store.findKey("k1")).toEqual({ kind: "found", key })
      expect(await store.findKey("k2")).toEqual({ kind: "found", key: storedKey("k2") })
      for (const id of ["k", "K1", "k11", "__proto__"]) expect(await store.findKey(id)).toEqual({ kind: "not_found" })
    })

    it("never writes over a key", async () => {
      await store.createKey(storedKey("k1"))
      expect(await store.createKey(storedKey("k1", { principal: "User:mallory", superUser: true }))).toEqual({
        kind: "exists",
      })
      expect(await store.findKey("k1")).toEqual({ kind: "found", key: storedKey("k1") })
    })

    it("forgets a key that is removed, once", async () => {
      await store.createKey(storedKey("k1"))
      await store.createKey(storedKey("k2"))
      expect(await store.removeKey("k1")).toEqual({ kind: "removed" })
      expect(await store.removeKey("k1")).toEqual({ kind: "not_found" })
      expect(await store.findKey("k1")).toEqual({ kind: "not_found" })
      expect(await store.listKeys({ limit: 10 })).toEqual({ kind: "page", keys: [storedKey("k2")] })
    })

    it("lists keys by id, a page at a time", async () => {
      expect(await store.listKeys({ limit: 2 })).toEqual({ kind: "page", keys: [] })
      for (const id of ["c", "a", "e", "b", "d"]) await store.createKey(storedKey(id))
      expect(await store.listKeys({ limit: 2 })).toEqual({
        kind: "page",
        keys: [storedKey("a"), storedKey("b")],
        next: "b",
      })
      expect(await store.listKeys({ limit: 2, after: "b" })).toMatchObject({
        keys: [{ id: "c" }, { id: "d" }],
        next: "d",
      })
      expect(await store.listKeys({ limit: 2, after: "d" })).toEqual({ kind: "page", keys: [storedKey("e")] })
      expect(await store.listKeys({ limit: 5 })).not.toHaveProperty("next")
      expect(await store.listKeys({ limit: 5, after: "bb" })).toMatchObject({
        keys: [{ id: "c" }, { id: "d" }, { id: "e" }],
      })
    })

    it("keeps bindings apart that differ in any part, and adds none twice", async () => {
      expect(await present()).toEqual([])
      expect(await store.addBindings([allow, ...others])).toEqual({ kind: "added" })
      expect(await store.addBindings([allow, allow])).toEqual({ kind: "added" })
      expect(byText(await present())).toEqual(byText([allow, ...others]))
    })

    it("removes those bindings alone that it is told, and minds none that is not there", async () => {
      await store.addBindings([allow, ...others])
      expect(await store.removeBindings([allow, { ...allow, resourceName: "none" }])).toEqual({ kind: "removed" })
      expect(byText(await present())).toEqual(byText(others))
      expect(await store.removeBindings(others)).toEqual({ kind: "removed" })
      expect(await present()).toEqual([])
    })

    it("keeps what it said across a restart", async () => {
      await store.createKey(storedKey("kept"))
      await store.createKey(storedKey("gone"))
      await store.removeKey("gone")
      await store.addBindings(others)
      await store.removeBindings(others.slice(1))
      store = await subject.reopen()
      expect(await store.listKeys({ limit: 10 })).toEqual({ kind: "page", keys: [storedKey("kept")] })
      expect(await present()).toEqual(others.slice(0, 1))
    })

    it("holds so many bindings and adds none where all would be more", async () => {
      const many = Array.from({ length: MAX_BINDINGS }, (_, at) => ({ ...allow, resourceName: `t${at}` }))
      expect(await store.addBindings(many)).toEqual({ kind: "added" })
      expect(await store.addBindings(many.slice(0, 5))).toEqual({ kind: "added" })
      expect(await store.addBindings([{ ...allow, resourceName: "one-more" }])).toEqual({ kind: "full" })
      expect(await present()).toHaveLength(MAX_BINDINGS)
    })
  })
}
