/** Managing access over a store in memory. */
import type { AccessControl, KeySecrets } from "../../functions/access/control.ts"
import { secretHash, unguessable } from "../../functions/codecs/key-secret.ts"
import { createMemoryAccessStore } from "./memory-access-store.ts"

export function accessControl(
  changes: Partial<KeySecrets> = {},
  { superUsers = [], managedOtherwise = false }: { superUsers?: readonly string[]; managedOtherwise?: boolean } = {},
): AccessControl {
  return {
    store: createMemoryAccessStore(),
    secrets: { unguessable, secretHash, ...changes },
    superUsers: new Set(superUsers),
    managedOtherwise,
  }
}
