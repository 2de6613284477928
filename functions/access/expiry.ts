/** Until when a key is taken. Pure. */
import type { StoredKey } from "./ports.ts"

/** `now`: epoch milliseconds. */
export function isExpired({ expiresAt }: Pick<StoredKey, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt
}
