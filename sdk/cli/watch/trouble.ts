/** Why the picture is an old one. Pure. */
import type { StratalogError } from "../../client/errors.ts"
import { printable } from "../format/printable.ts"
import { timeLeft } from "../format/time-left.ts"

export interface FailedLook {
  /** When the first of them began, epoch milliseconds. */
  readonly since: number
  /** Of the newest. */
  readonly error: StratalogError
}

/** A look that failed, or one that is not answered yet. */
export type Trouble = FailedLook | { readonly since: number; readonly error: undefined }

export function troubleText({ since, error }: Trouble, now: number): string {
  const duration = timeLeft(Math.max(0, now - since) / 1000)
  if (error === undefined) return `No answer for ${duration}.`
  return `Not refreshed for ${duration}: ${printable(error.detail).trim()}`
}
