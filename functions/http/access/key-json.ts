import type { AccessKey } from "stratalog/protocol"
import type { StoredKey } from "../../access/ports.ts"

/** Without its hash. */
export function keyJson({ id, principal, superUser, description, createdAt, expiresAt }: StoredKey): AccessKey {
  return { id, principal, superUser, description, createdAt, expiresAt: expiresAt ?? null }
}
