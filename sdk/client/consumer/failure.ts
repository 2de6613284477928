/** What a poll that failed means to its member. Pure. */
import type { StratalogError } from "../errors.ts"

export type FailureMeaning =
  /** Try again later: nothing that the member has is in question. */
  | "again"
  /** It is no member any more: all it had may be others' by now. */
  | "gone"
  /** A commit was refused. */
  | "fenced"
  /** Trying again does not help. */
  | "fatal"

const SERVER_ERROR = 500

/** Every poll may be sent again: it has a number, and commits only move forward. */
export function meaningOf(error: StratalogError): FailureMeaning {
  if (error.code === "member_not_found") return "gone"
  if (error.code === "member_fenced") return "fenced"
  const isTheServers = error.status !== undefined && error.status >= SERVER_ERROR && error.code !== "corrupt_log"
  return error.retryable || isTheServers ? "again" : "fatal"
}
