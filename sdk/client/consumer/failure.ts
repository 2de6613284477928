/** What a poll that failed means to its member. Pure. */
import type { ErrorCode } from "../../protocol/errors.ts"
import type { StratalogError } from "../errors.ts"
import type { OffsetOfPartition } from "./consumer.ts"

export type FailureMeaning =
  /** Try again later: nothing that the member has is in question. */
  | "again"
  /** It is no member any more: all it had may be others' by now. */
  | "gone"
  /** A commit was refused, or the member's epoch. */
  | "refused"
  /** Trying again does not help. */
  | "fatal"

const SERVER_ERROR = 500

/** Also of topics that were deleted, or made again, since they were read. */
const refusals: ReadonlySet<string> = new Set<ErrorCode>([
  "member_fenced",
  "offset_beyond_end",
  "offset_regression",
  "topic_not_found",
  "partition_not_found",
])

/** Every poll may be sent again: it has a number, and commits only move forward. */
export function meaningOf(error: StratalogError): FailureMeaning {
  if (error.code === "member_not_found") return "gone"
  if (refusals.has(error.code)) return "refused"
  const isTheServers = error.status !== undefined && error.status >= SERVER_ERROR && error.code !== "corrupt_log"
  return error.retryable || isTheServers ? "again" : "fatal"
}

/** Those of a refused commit that the group is past, where that is all that stood in its way. */
export function offsetsAhead(
  { code, problem }: StratalogError,
  offsets: readonly OffsetOfPartition[],
): readonly OffsetOfPartition[] | undefined {
  const results: unknown = problem?.["results"]
  if (code !== "offset_regression" || !Array.isArray(results)) return undefined
  const ahead = offsets.filter((each) => results.some((result) => isAbout(result, each)))
  return ahead.length === results.length ? ahead : undefined
}

function isAbout(result: unknown, { topic, partition }: OffsetOfPartition): boolean {
  if (typeof result !== "object" || result === null) return false
  const { topic: name, partition: number, error } = result as Readonly<Record<string, unknown>>
  const isAhead = typeof error === "object" && error !== null && "code" in error && error.code === "offset_regression"
  return isAhead && name === topic && number === partition
}
