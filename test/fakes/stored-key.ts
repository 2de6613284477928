import type { StoredKey } from "../../functions/access/ports.ts"
import { secretHash } from "../../functions/codecs/key-secret.ts"

/** A key of User:alice, who may do nothing by it alone; its secret is its id where `change` has no other hash. */
export function storedKey(id: string, change: Partial<StoredKey> = {}): StoredKey {
  return {
    id,
    // Stores give back plain bytes, which are not equal to a Buffer.
    secretHash: new Uint8Array(secretHash(id)),
    principal: "User:alice",
    superUser: false,
    description: "",
    createdAt: 1_763_600_000_000,
    ...change,
  }
}
