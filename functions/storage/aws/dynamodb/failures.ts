/**
 * What a failure of DynamoDB means to a caller. A condition that failed is none: whoever sets one looks for it first.
 * Codes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb"
import { NewerFormat } from "../../../log/newer-format.ts"
import type { Unavailable } from "../../../log/ports.ts"
import type { StorageAttempt } from "../../../log/storage-observer.ts"

type Meaning = Pick<Unavailable, "reason" | "sideEffects">

const THROTTLED: Meaning = { reason: "throttled", sideEffects: "none" }
/** Refused, and so not done. */
const REFUSED: Meaning = { reason: "storage_failed", sideEffects: "none" }
const UNKNOWN: Meaning = { reason: "storage_failed", sideEffects: "unknown" }

/** By the error's name. */
const BY_NAME = new Map<string, Meaning>([
  ["ProvisionedThroughputExceededException", THROTTLED],
  ["ThrottlingException", THROTTLED],
  ["RequestLimitExceeded", THROTTLED],
  // Another transaction holds the item at this moment: like throttling, soon over.
  ["TransactionConflictException", THROTTLED],
  ["ReplicatedWriteConflictException", THROTTLED],
  // An attempt of the same token goes on, and may yet succeed.
  ["TransactionInProgressException", UNKNOWN],
  ["InternalServerError", UNKNOWN],
  // Nothing was signed, so nothing sent.
  ["CredentialsProviderError", REFUSED],
])

/** By the code of a reason for which a transaction was cancelled as a whole; others: refused. */
const BY_REASON = new Map<string, Meaning>([
  ["ThrottlingError", THROTTLED],
  ["ProvisionedThroughputExceeded", THROTTLED],
  ["TransactionConflict", THROTTLED],
])

/** By the status of the answer, where there was one. */
function byStatus(status: number): Meaning {
  if (status === 429) return THROTTLED
  // 408: it gave up on a request that may have come whole.
  return status >= 400 && status < 500 && status !== 408 ? REFUSED : UNKNOWN
}

/** System calls that come before the first byte of a request: what failed in one of them was never sent. */
const BEFORE_SENDING = new Set(["connect", "getaddrinfo"])

/** The outcome for what a call threw. Throws on what no storage did: a mistake of this program, or a failed condition. */
export function unavailableFrom(error: unknown): Unavailable {
  // What an answer shows was perhaps just written, by this very call.
  if (error instanceof NewerFormat) return { kind: "unavailable", ...UNKNOWN, detail: error.message }
  const meaning = error instanceof Error ? meaningOf(error) : undefined
  if (meaning === undefined || !(error instanceof Error)) throw error
  // The last attempt says nothing about those before it, whose answers were lost or bad enough to try again.
  const sideEffects = attempts(error) > 1 ? "unknown" : meaning.sideEffects
  return {
    kind: "unavailable",
    reason: meaning.reason,
    sideEffects,
    detail: `DynamoDB: ${error.name}: ${error.message}`,
  }
}

/** The same for a read, which has no effect whatever becomes of it. */
export function unavailableReading(error: unknown): Unavailable {
  return { ...unavailableFrom(error), sideEffects: "none" }
}

/** How an attempt ended that threw this: a condition that failed is an answer. */
export function endOfAttempt(error: unknown): { readonly ended: StorageAttempt["ended"]; readonly detail: string } {
  const detail = error instanceof Error ? `DynamoDB: ${error.name}: ${error.message}` : String(error)
  if (error instanceof Error && isFailedCondition(error)) return { ended: "answered", detail }
  const meaning = error instanceof Error ? meaningOf(error) : undefined
  return { ended: meaning?.reason === "throttled" ? "throttled" : "failed", detail }
}

function isFailedCondition(error: Error): boolean {
  if (error instanceof TransactionCanceledException) return cancelled(error) === undefined
  return error.name === "ConditionalCheckFailedException"
}

function meaningOf(error: Error): Meaning | undefined {
  if (error.name === "ConditionalCheckFailedException") return undefined
  if (error instanceof TransactionCanceledException) return cancelled(error)
  const named = BY_NAME.get(error.name)
  if (named !== undefined) return named
  if (wasNeverSent(error)) return REFUSED
  const status = metadata(error)?.["httpStatusCode"]
  if (typeof status === "number") return byStatus(status)
  // Only what got as far as being sent has metadata or the code of a system call.
  return metadata(error) !== undefined || "code" in error ? UNKNOWN : undefined
}

/** A transaction that was cancelled did nothing. A failed condition in it is for the caller to see. */
function cancelled(error: TransactionCanceledException): Meaning | undefined {
  const codes = error.CancellationReasons?.map(({ Code }) => Code ?? "None") ?? []
  if (codes.includes("ConditionalCheckFailed")) return undefined
  return codes.map((code) => BY_REASON.get(code)).find((meaning) => meaning !== undefined) ?? REFUSED
}

function wasNeverSent(error: Error): boolean {
  // Where a name has several addresses, Node tries each and tells of all.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(wasNeverSent)
  return "syscall" in error && typeof error.syscall === "string" && BEFORE_SENDING.has(error.syscall)
}

/** The SDK puts it on all that went through its retries, also where no answer came. */
function metadata(error: Error): Readonly<Record<string, unknown>> | undefined {
  const found: unknown = "$metadata" in error ? error.$metadata : undefined
  return typeof found === "object" && found !== null ? { ...found } : undefined
}

function attempts(error: Error): number {
  const count = metadata(error)?.["attempts"]
  return typeof count === "number" ? count : 1
}
