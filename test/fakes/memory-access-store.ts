/** `AccessStore` in memory that keeps every promise of the port but durability. */
import type { AclBinding } from "../../functions/access/acl.ts"
import { bindingText } from "../../functions/access/binding-text.ts"
import { type AccessStore, MAX_BINDINGS, type StoredKey } from "../../functions/access/ports.ts"

export function createMemoryAccessStore(): AccessStore {
  const keys = new Map<string, StoredKey>()
  const bindings = new Map<string, AclBinding>()
  return {
    createKey: (key) => {
      if (keys.has(key.id)) return { kind: "exists" }
      keys.set(key.id, key)
      return { kind: "created" }
    },
    findKey: (id) => {
      const key = keys.get(id)
      return key === undefined ? { kind: "not_found" } : { kind: "found", key }
    },
    listKeys: ({ after = "", limit }) => {
      const ids = [...keys.keys()].filter((id) => id > after).sort()
      const page = ids.slice(0, limit).flatMap((id) => keys.get(id) ?? [])
      const next = ids.length > limit ? page.at(-1)?.id : undefined
      return { kind: "page", keys: page, ...(next !== undefined && { next }) }
    },
    removeKey: (id) => (keys.delete(id) ? { kind: "removed" } : { kind: "not_found" }),
    bindings: () => ({ kind: "bindings", bindings: [...bindings.values()] }),
    addBindings: (added) => {
      const fresh = new Map(added.map((binding) => [bindingText(binding), binding]))
      for (const text of bindings.keys()) fresh.delete(text)
      if (bindings.size + fresh.size > MAX_BINDINGS) return { kind: "full" }
      for (const [text, binding] of fresh) bindings.set(text, binding)
      return { kind: "added" }
    },
    removeBindings: (removed) => {
      for (const binding of removed) bindings.delete(bindingText(binding))
      return { kind: "removed" }
    },
  }
}
