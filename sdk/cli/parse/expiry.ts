import { InvalidArgumentError } from "commander"
import { parseDuration } from "../../protocol/duration.ts"

/** When something ends: so long from now, or at a time; milliseconds. */
export type Expiry = { readonly expiresIn: number } | { readonly expiresAt: number }

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/

/** A commander parser of `90d`, `12h`, `2027-01-31`, `2027-01-31T12:00Z`. A bare number would be milliseconds, which nobody means. */
export function expiry(text: string): Expiry {
  const expiresIn = /[a-z]$/.test(text) ? parseDuration(text) : undefined
  if (expiresIn !== undefined) return { expiresIn }
  const expiresAt = ISO.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(expiresAt)) return { expiresAt }
  throw new InvalidArgumentError("It must be a duration such as 90d or 12h, or a time such as 2027-01-31.")
}
