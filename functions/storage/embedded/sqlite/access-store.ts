import type { DatabaseSync } from "node:sqlite"
import type { AclBinding } from "../../../access/acl.ts"
import { bindingText, readBinding } from "../../../access/binding-text.ts"
import {
  type AccessStore,
  type AddBindingsOutcome,
  type BindingStore,
  type KeyStore,
  MAX_BINDINGS,
  type StoredKey,
} from "../../../access/ports.ts"
import type { GroupCommit } from "./group-commit.ts"
import { blob, integer, type Row, text } from "./rows.ts"
import { query } from "./transaction.ts"

/** Keys and bindings, a row each. */
export function createAccessStore(database: DatabaseSync, groupCommit: GroupCommit): AccessStore {
  return { ...createKeyStore(database, groupCommit), ...createBindingStore(database, groupCommit) }
}

function createKeyStore(database: DatabaseSync, groupCommit: GroupCommit): KeyStore {
  const one = database.prepare("SELECT * FROM access_keys WHERE id = ?")
  const after = database.prepare("SELECT * FROM access_keys WHERE id > ? ORDER BY id LIMIT ?")
  const insert = database.prepare("INSERT INTO access_keys VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
  const remove = database.prepare("DELETE FROM access_keys WHERE id = ?")
  return {
    createKey: ({ id, secretHash, principal, superUser, description, createdAt, expiresAt = null }) =>
      groupCommit.run(() => {
        const added = insert.run(id, secretHash, principal, Number(superUser), description, createdAt, expiresAt)
        return { kind: added.changes === 1 ? "created" : "exists" }
      }),
    findKey: (id) =>
      query(database, () => {
        const row = one.get(id)
        return row === undefined ? { kind: "not_found" } : { kind: "found", key: keyOf(row) }
      }),
    listKeys: ({ after: last = "", limit }) =>
      query(database, () => {
        // One more than asked for tells whether there is a next page.
        const rows = after.all(last, limit + 1).map(keyOf)
        const keys = rows.slice(0, limit)
        const next = rows.length > limit ? keys.at(-1)?.id : undefined
        return { kind: "page", keys, ...(next !== undefined && { next }) }
      }),
    removeKey: (id) => groupCommit.run(() => ({ kind: remove.run(id).changes === 1 ? "removed" : "not_found" })),
  }
}

function createBindingStore(database: DatabaseSync, groupCommit: GroupCommit): BindingStore {
  const all = database.prepare("SELECT binding FROM acl_bindings")
  const insert = database.prepare("INSERT INTO acl_bindings VALUES (?) ON CONFLICT DO NOTHING")
  const remove = database.prepare("DELETE FROM acl_bindings WHERE binding = ?")
  const texts = () => all.all().map((row) => text(row, "binding"))
  const add = (bindings: readonly AclBinding[]): AddBindingsOutcome => {
    const wanted = bindings.map(bindingText)
    if (new Set([...texts(), ...wanted]).size > MAX_BINDINGS) return { kind: "full" }
    for (const binding of wanted) insert.run(binding)
    return { kind: "added" }
  }
  return {
    bindings: () => query(database, () => ({ kind: "bindings", bindings: texts().map(readBinding) })),
    addBindings: (bindings) => groupCommit.run(() => add(bindings)),
    removeBindings: (bindings) =>
      groupCommit.run(() => {
        for (const binding of bindings) remove.run(bindingText(binding))
        return { kind: "removed" }
      }),
  }
}

function keyOf(row: Row): StoredKey {
  const expiresAt = row["expires_at"]
  return {
    id: text(row, "id"),
    secretHash: blob(row, "secret_hash"),
    principal: text(row, "principal"),
    superUser: integer(row, "super_user") === 1,
    description: text(row, "description"),
    createdAt: integer(row, "created_at"),
    ...(typeof expiresAt === "number" && { expiresAt }),
  }
}
