/** What a poll that failed means to its member. Pure. */
import type { ErrorCode } from "../../protocol/errors.ts"
import { StratalogError } from "../errors.ts"
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

/** Those of a refused commit that stood in its way, each with the code that says why; none where the answer does not say. */
export function refusedOffsets(
  error: unknown,
  offsets: readonly OffsetOfPartition[],
): readonly { readonly offset: OffsetOfPartition; readonly code: unknown }[] {
  const results: unknown = error instanceof StratalogError ? error.problem?.["results"] : undefined
  if (!Array.isArray(results)) return []
  return results.flatMap((result: Readonly<Record<string, unknown>>) => {
    const offset = offsets.find(
      ({ topic, partition }) => topic === result["topic"] && partition === result["partition"],
    )
    const reason = result["error"]
    const code = typeof reason === "object" && reason !== null && "code" in reason ? reason.code : undefined
    return offset === undefined ? [] : [{ offset, code }]
  })
}
