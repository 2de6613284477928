/** What access control asks of its storage. Contract suite: test/contract/access-store.ts. */
import type { Awaitable, Unavailable } from "../log/ports.ts"
import type { AclBinding } from "./acl.ts"

/** An API key without its secret, which nobody can read again. */
export interface StoredKey {
  readonly id: string
  /** SHA-256 of the secret, 32 bytes. The secret has 256 random bits, so no slower hash is needed. */
  readonly secretHash: Uint8Array
  /** `User:alice`. */
  readonly principal: string
  readonly superUser: boolean
  /** For people. */
  readonly description: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Epoch milliseconds; absent: never. */
  readonly expiresAt?: number
}

export type CreateKeyOutcome = { readonly kind: "created" } | { readonly kind: "exists" } | Unavailable
export type FindKeyOutcome =
  | { readonly kind: "found"; readonly key: StoredKey }
  | { readonly kind: "not_found" }
  | Unavailable
export type RemoveKeyOutcome = { readonly kind: "removed" } | { readonly kind: "not_found" } | Unavailable

export interface KeyPage {
  readonly kind: "page"
  readonly keys: readonly StoredKey[]
  /** The id to pass as `after` for the next page; absent on the last. */
  readonly next?: string
}

export interface KeyStore {
  /** Durable when it answers. */
  createKey(key: StoredKey): Awaitable<CreateKeyOutcome>
  findKey(id: string): Awaitable<FindKeyOutcome>
  /** By id, ascending. */
  listKeys(request: { readonly after?: string; readonly limit: number }): Awaitable<KeyPage | Unavailable>
  /** Durable when it answers. */
  removeKey(id: string): Awaitable<RemoveKeyOutcome>
}

export type BindingsOutcome = { readonly kind: "bindings"; readonly bindings: readonly AclBinding[] } | Unavailable
export type AddBindingsOutcome =
  | { readonly kind: "added" }
  /** Nothing was added: there would be more than `MAX_BINDINGS`. */
  | { readonly kind: "full" }
  | Unavailable
export type RemoveBindingsOutcome = { readonly kind: "removed" } | Unavailable

/** All of them are read together and kept in memory by each process. */
export const MAX_BINDINGS = 1_000

export interface BindingStore {
  /** All there are, in no particular order. */
  bindings(): Awaitable<BindingsOutcome>
  /** Adding what is there already changes nothing. Several may be added one after another: safe to repeat. */
  addBindings(bindings: readonly AclBinding[]): Awaitable<AddBindingsOutcome>
  /** Removing what is not there changes nothing. Safe to repeat. */
  removeBindings(bindings: readonly AclBinding[]): Awaitable<RemoveBindingsOutcome>
}

export interface AccessStore extends KeyStore, BindingStore {}
