import type { Unavailable } from "../../log/ports.ts"
import type { KeyPage, KeyStore, StoredKey } from "../ports.ts"

export interface ListKeysRequest {
  /** Only its keys. */
  readonly principal?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** By id, ascending. */
export async function listKeys(
  { keys }: { readonly keys: Pick<KeyStore, "listKeys"> },
  { principal, after, limit }: ListKeysRequest,
): Promise<KeyPage | Unavailable> {
  const found: StoredKey[] = []
  let from = after
  for (;;) {
    const page = await keys.listKeys({ limit, ...(from !== undefined && { after: from }) })
    if (page.kind === "unavailable") return page
    found.push(...page.keys.filter((key) => principal === undefined || key.principal === principal))
    if (found.length > limit) {
      const kept = found.slice(0, limit)
      return pageOf(kept, kept.at(-1)?.id)
    }
    if (found.length === limit || page.next === undefined) return pageOf(found, page.next)
    from = page.next
  }
}

function pageOf(keys: readonly StoredKey[], next: string | undefined): KeyPage {
  return { kind: "page", keys, ...(next !== undefined && { next }) }
}
