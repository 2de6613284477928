/** Whether somebody can manage access by a key. */
import type { Clock, Unavailable } from "../log/ports.ts"
import { isExpired } from "./expiry.ts"
import type { KeyStore, StoredKey } from "./ports.ts"

/** Keys looked at in one request to the storage. */
const PAGE = 100

export interface SuperKeysDeps {
  readonly keys: Pick<KeyStore, "listKeys">
  readonly clock: Clock
  readonly superUsers: ReadonlySet<string>
}

export function isSuperKey(
  { superUser, principal }: Pick<StoredKey, "superUser" | "principal">,
  superUsers: ReadonlySet<string>,
): boolean {
  return superUser || superUsers.has(principal)
}

export interface WantedSuperKey {
  /** Another than this. */
  readonly except?: string
  /** One that never expires. Default: any that is still taken. */
  readonly lasting?: boolean
}

/** A key of a super-user; looks at keys until it finds one. */
export async function findSuperKey(
  { keys, clock, superUsers }: SuperKeysDeps,
  { except, lasting = false }: WantedSuperKey = {},
): Promise<{ readonly kind: "found"; readonly key: StoredKey } | { readonly kind: "none" } | Unavailable> {
  const now = clock.now()
  const isTaken = (one: StoredKey) => (lasting ? one.expiresAt === undefined : !isExpired(one, now))
  for (let after: string | undefined; ; ) {
    const page = await keys.listKeys({ limit: PAGE, ...(after !== undefined && { after }) })
    if (page.kind === "unavailable") return page
    const key = page.keys.find((one) => one.id !== except && isSuperKey(one, superUsers) && isTaken(one))
    if (key !== undefined) return { kind: "found", key }
    if (page.next === undefined) return { kind: "none" }
    after = page.next
  }
}
