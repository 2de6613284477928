/**
 * A page of those names that somebody may describe. Only what the lists of the caller name is looked for, never what is
 * hidden: however much there is, a request looks at little of it, and a page is as full as if there was nothing else.
 */
import type { Awaitable, Unavailable } from "../log/ports.ts"
import { both, endOf, matches, type NamePattern, type Visible } from "./visible.ts"

export interface ListRequest {
  readonly prefix?: string | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface NamedPage<Named> {
  /** By name. */
  readonly items: readonly Named[]
  /**
   * What to pass as `after` for the next page; absent on the last. The name of the last item, or where the caller's own
   * lists go on: never a name that is hidden from it.
   */
  readonly next?: string
}

export interface NamesToLookUp {
  readonly after?: string
  readonly prefix: string
  readonly limit: number
}

/** Those after `after` that start with `prefix`, by name; `next` as above. */
export type LookUp<Named> = (names: NamesToLookUp) => Awaitable<NamedPage<Named> | Unavailable>

/** Patterns that one request looks for: whose lists have more gets a page that is not full, and goes on behind it. */
const MAX_PATTERNS = 50

/** Asked for at least, so that what is hidden between takes few looks. */
const LEAST_LOOK = 50

export async function listVisible<Named extends { readonly name: string }>(
  { allowed, denied }: Visible,
  { prefix = "", after, limit }: ListRequest,
  lookUp: LookUp<Named>,
): Promise<NamedPage<Named> | Unavailable> {
  const left = allowed.flatMap((pattern) => both(pattern, prefix) ?? []).filter((each) => isAhead(each, after))
  const [only] = left
  if (only?.isPrefix && left.length === 1 && denied.length === 0) {
    return lookUp({ prefix: only.name, limit, ...(after !== undefined && { after }) })
  }
  const found: Named[] = []
  const searched = left.slice(0, MAX_PATTERNS)
  for (const pattern of searched) {
    // One more than asked for tells whether there is a next page.
    const failure = await search(pattern, denied, { after, wanted: limit + 1, found }, lookUp)
    if (failure !== undefined) return failure
    if (found.length > limit) return pageOf(found.slice(0, limit))
  }
  const last = searched.at(-1)
  return last === undefined || left.length <= MAX_PATTERNS ? { items: found } : { items: found, next: endOf(last) }
}

function pageOf<Named extends { readonly name: string }>(items: readonly Named[]): NamedPage<Named> {
  const last = items.at(-1)
  return last === undefined ? { items } : { items, next: last.name }
}

interface Search<Named> {
  readonly after: string | undefined
  readonly wanted: number
  readonly found: Named[]
}

/** Adds to `found` what the pattern means, until there are `wanted`. Each look passes a pattern of `denied`, or is the last. */
async function search<Named extends { readonly name: string }>(
  pattern: NamePattern,
  denied: readonly NamePattern[],
  { after, wanted, found }: Search<Named>,
  lookUp: LookUp<Named>,
): Promise<Unavailable | undefined> {
  const { name: prefix, isPrefix } = pattern
  let behind = after
  while (found.length < wanted) {
    const limit = isPrefix ? Math.max(wanted - found.length, LEAST_LOOK) : 1
    const page = await lookUp({ prefix, limit, ...(behind !== undefined && { after: behind }) })
    if ("kind" in page) return page
    const shown = page.items.filter(({ name }) => matches(pattern, name) && denying(denied, name) === undefined)
    found.push(...shown.slice(0, wanted - found.length))
    if (page.next === undefined || !isPrefix) return undefined
    const hidden = denying(denied, page.next)
    behind = hidden === undefined ? page.next : endOf(hidden)
  }
  return undefined
}

function denying(denied: readonly NamePattern[], name: string): NamePattern | undefined {
  return denied.find((pattern) => matches(pattern, name))
}

function isAhead(pattern: NamePattern, after: string | undefined): boolean {
  return after === undefined || endOf(pattern) > after
}
