/**
 * What a failure of S3 means, in one table.
 * Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import type { _Error } from "@aws-sdk/client-s3"
import type { Unavailable } from "../../../log/ports.ts"
import type { StorageAttempt } from "../../../log/storage-observer.ts"

export interface Failure {
  readonly reason: "throttled" | "storage_failed"
  readonly sideEffects: "none" | "unknown"
  /** Whether the same request may succeed in a moment. */
  readonly again: boolean
  /** For the operator. */
  readonly detail: string
}

type Meaning = Omit<Failure, "detail"> & { readonly explanation?: string }

const THROTTLED: Meaning = { reason: "throttled", sideEffects: "none", again: true }
/** Refused for something that passes. */
const PASSING: Meaning = { reason: "storage_failed", sideEffects: "none", again: true }
const UNKNOWN: Meaning = { reason: "storage_failed", sideEffects: "unknown", again: true }

function refused(explanation?: string): Meaning {
  return { reason: "storage_failed", sideEffects: "none", again: false, ...(explanation && { explanation }) }
}

const NOT_ALLOWED = refused(
  "these credentials may not do this, or there is no such object and they may not list the bucket",
)
const ELSEWHERE = refused("the bucket lies in another region: set AWS_REGION to it")

/** By the code of the answer, or the name of what the SDK threw. */
const BY_CODE = new Map<string, Meaning>([
  ["SlowDown", THROTTLED],
  ["RequestLimitExceeded", THROTTLED],
  ["Throttling", THROTTLED],
  ["ThrottlingException", THROTTLED],
  ["TooManyRequestsException", THROTTLED],
  // Another write to the key goes on: S3 asks to try again.
  ["OperationAborted", PASSING],
  ["ConditionalRequestConflict", PASSING],
  // S3 gave up waiting for the rest of the request's body, or got another one than was sent.
  ["RequestTimeout", PASSING],
  ["BadDigest", PASSING],
  ["XAmzContentChecksumMismatch", PASSING],
  // The SDK sets its clock by the answer's.
  ["RequestTimeTooSkewed", PASSING],
  ["NoSuchBucket", refused("the bucket does not exist")],
  ["AccessDenied", NOT_ALLOWED],
  ["PermanentRedirect", ELSEWHERE],
  ["AuthorizationHeaderMalformed", ELSEWHERE],
  ["IllegalLocationConstraintException", ELSEWHERE],
  // Nothing was signed, so nothing sent.
  ["CredentialsProviderError", refused("there are no credentials")],
])

/** System calls that come before the first byte of a request: what failed in one of them was never sent. */
const BEFORE_SENDING = new Set(["connect", "getaddrinfo"])

/** What `error`, thrown by a call or while its body was read, says about `action`, such as "put a/b into bucket c". */
export function failureFrom(error: unknown, action: string): Failure {
  const { explanation, ...meaning } = meaningOf(error)
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    ...meaning,
    detail: `S3 could not ${action}: ${explanation === undefined ? said : `${explanation} (${said})`}`,
  }
}

/** How an attempt ended that threw this: that there is no such object is an answer. */
export function endOfAttempt(
  error: unknown,
  operation: string,
): { readonly ended: StorageAttempt["ended"]; readonly detail?: string } {
  if (error instanceof Error && ANSWERS.has(error.name)) return { ended: "answered" }
  const { reason, detail } = failureFrom(error, operation)
  return { ended: reason === "throttled" ? "throttled" : "failed", detail }
}

const ANSWERS = new Set(["NoSuchKey", "InvalidRange"])

/** `earlier`: what attempts before this one may have done. */
export function unavailable(failure: Failure, earlier: Failure["sideEffects"]): Unavailable {
  const { reason, sideEffects, detail } = failure
  return { kind: "unavailable", reason, sideEffects: earlier === "unknown" ? earlier : sideEffects, detail }
}

/** What a good answer tells of a key, as if the call had thrown it. */
export function errorOfKey({ Key, Code = "Error", Message }: _Error): Error {
  return Object.assign(new Error(`${Key}: ${Message}`), { name: Code })
}

/** The status of an answer that was an error. */
export function statusOf(error: unknown): number | undefined {
  const metadata = error instanceof Error && "$metadata" in error ? error.$metadata : undefined
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined
  return typeof status === "number" ? status : undefined
}

function meaningOf(error: unknown): Meaning {
  const named = error instanceof Error ? BY_CODE.get(error.name) : undefined
  if (named !== undefined) return named
  if (wasNeverSent(error)) return PASSING
  const status = statusOf(error)
  if (status === undefined) return UNKNOWN
  if (status === 429) return THROTTLED
  // 408 and 409 ask to try again; the first may have been read whole.
  if (status === 408) return UNKNOWN
  if (status === 409) return PASSING
  return status >= 300 && status < 500 ? refused() : UNKNOWN
}

function wasNeverSent(error: unknown): boolean {
  // Where a name has several addresses, Node tries each and tells of all.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(wasNeverSent)
  return error instanceof Error && "syscall" in error && BEFORE_SENDING.has(String(error.syscall))
}
