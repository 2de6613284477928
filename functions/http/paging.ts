/** Pages of lists. Cursors are opaque to callers, so that what they hold may change. */
import * as z from "zod/mini"
import { invalid } from "./exchange.ts"

/** Entries of a page where the request does not say. */
export const DEFAULT_PAGE_SIZE = 100

/** Version 1: the page begins behind this name. */
const contents = z.strictObject({ v: z.literal(1), after: z.string().check(z.minLength(1)) })

/** What a list passes as `nextCursor`, for the page that begins behind `after`. */
export function cursorAfter(after: string): string {
  const cursor: z.infer<typeof contents> = { v: 1, after }
  return Buffer.from(JSON.stringify(cursor)).toString("base64url")
}

/** The name that the asked page begins behind; undefined for the first page. Throws a `Refusal`. */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const parsed = contents.safeParse(decode(cursor))
  if (parsed.success && cursorAfter(parsed.data.after) === cursor) return parsed.data.after
  const message =
    "is not a cursor of this list; pass nextCursor of the page before as it is, or leave it out to start over"
  throw invalid([{ path: "cursor", message }])
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"))
  } catch {
    return undefined
  }
}

/** `nextCursor` of a page, to spread into its answer: absent on the last. */
export function nextCursor(next: string | undefined): { readonly nextCursor?: string } {
  return next === undefined ? {} : { nextCursor: cursorAfter(next) }
}
