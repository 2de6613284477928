/** Managing access over a store in memory. */
import { createHash, randomBytes } from "node:crypto"
import type { AccessControl, KeySecrets } from "../../functions/access/control.ts"
import { createMemoryAccessStore } from "./memory-access-store.ts"

export const secrets: KeySecrets = {
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  hash: (secret) => new Uint8Array(createHash("sha256").update(secret).digest()),
}

export function accessControl(
  changes: Partial<KeySecrets> = {},
  { superUsers = [], managedOtherwise = false }: { superUsers?: readonly string[]; managedOtherwise?: boolean } = {},
): AccessControl {
  return {
    store: createMemoryAccessStore(),
    secrets: { ...secrets, ...changes },
    superUsers: new Set(superUsers),
    managedOtherwise,
  }
}
