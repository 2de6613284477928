/** What the SDK throws. Choose by class or by `code`; messages are for people. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ErrorCode, Problem, SideEffects } from "../protocol/errors.ts"

/** Codes of errors that no server sent. */
export type ClientErrorCode =
  | "connection_failed"
  | "timeout"
  | "unexpected_response"
  | "invalid_argument"
  | "schema_mismatch"
  | "buffer_exhausted"
  | "producer_closed"
  | "partial_failure"
  | "consumer_closed"
  | "record_failed"
  | "credentials_unavailable"

export interface ErrorFacts {
  readonly code: ErrorCode | ClientErrorCode
  readonly detail: string
  /** HTTP status; absent where there was no answer. */
  readonly status?: number | undefined
  /** The same call, made again later, may succeed. */
  readonly retryable: boolean
  /** `none`: nothing happened and nothing will. `unknown`: the write may have taken effect. */
  readonly sideEffects: SideEffects
  /** The answer's problem+json body. */
  readonly problem?: Problem | undefined
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

export class StratalogError extends Error {
  override readonly name: string = "StratalogError"
  readonly code: ErrorCode | ClientErrorCode
  readonly status: number | undefined
  readonly retryable: boolean
  readonly sideEffects: SideEffects
  readonly detail: string
  readonly problem: Problem | undefined
  readonly requestId: string | undefined

  constructor(facts: ErrorFacts) {
    super(facts.detail, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = facts.code
    this.detail = facts.detail
    this.status = facts.status
    this.retryable = facts.retryable
    this.sideEffects = facts.sideEffects
    this.problem = facts.problem
    this.requestId = facts.requestId
  }
}

/** No answer, or half of one. `sideEffects` is `none` where the request surely never left. */
export class ConnectionError extends StratalogError {
  override readonly name = "ConnectionError"
  /** The base URL that was asked. */
  readonly url: string
  /** The platform's code of what went wrong, such as `ECONNREFUSED`; undefined where it has none. */
  readonly reason: string | undefined

  constructor(facts: ErrorFacts, url: string, reason?: string) {
    super(facts)
    this.url = url
    this.reason = reason
  }
}

/** No answer in time, or, from a producer, no delivery in time. */
export class TimeoutError extends StratalogError {
  override readonly name = "TimeoutError"
}

/** A write may or may not have taken effect. `cause` says what went wrong. */
export class OutcomeUnknownError extends StratalogError {
  override readonly name = "OutcomeUnknownError"
}

/** The service does not know who asks: no key was shown, or one that is unknown, revoked or expired. */
export class UnauthenticatedError extends StratalogError {
  override readonly name = "UnauthenticatedError"
}

/** What somebody is not allowed to do to what. */
export interface DeniedPermission {
  readonly operation: string
  readonly resourceType: string
  readonly resourceName: string
  /** `prefixed`: all whose names begin so; default: what has this very name. */
  readonly patternType?: string | undefined
}

/** The service knows who asks, and does not let them: nothing was done of it. */
export class NotAuthorizedError extends StratalogError {
  override readonly name = "NotAuthorizedError"
  /** Who asked, such as `User:alice`; undefined where the answer does not say. */
  readonly principal: string | undefined
  /** All that is missing. */
  readonly denied: readonly DeniedPermission[]

  constructor(facts: ErrorFacts) {
    super(facts)
    const principal = facts.problem?.["principal"]
    const denied = facts.problem?.["denied"]
    this.principal = typeof principal === "string" ? principal : undefined
    this.denied = Array.isArray(denied) ? denied.filter(isDenied) : []
  }
}

export class TopicNotFoundError extends StratalogError {
  override readonly name = "TopicNotFoundError"
}

/** `matchOffset` is not the partition's next offset. */
export class MatchFailedError extends StratalogError {
  override readonly name = "MatchFailedError"
  /** The offset that the next record gets. */
  readonly nextOffset: number | undefined

  constructor(facts: ErrorFacts) {
    super(facts)
    this.nextOffset = integerOf(facts.problem, "nextOffset")
  }
}

/** The partition's fencing token is another one: another writer took over. */
export class FenceFailedError extends StratalogError {
  override readonly name = "FenceFailedError"
  /** The token in force; null where there is none or it was not told. */
  readonly fencingToken: string | null

  constructor(facts: ErrorFacts) {
    super(facts)
    const token = facts.problem?.["fencingToken"]
    this.fencingToken = typeof token === "string" ? token : null
  }
}

/** The offset is below the log start (410) or beyond the end (416). */
export class OffsetOutOfRangeError extends StratalogError {
  override readonly name = "OffsetOutOfRangeError"
  readonly logStartOffset: number | undefined
  readonly highWatermark: number | undefined

  constructor(facts: ErrorFacts) {
    super(facts)
    this.logStartOffset = integerOf(facts.problem, "logStartOffset")
    this.highWatermark = integerOf(facts.problem, "highWatermark")
  }
}

/** A newer epoch of this producer id exists. */
export class ProducerFencedError extends StratalogError {
  override readonly name = "ProducerFencedError"
}

/** The log misses an earlier batch of this producer. */
export class SequenceGapError extends StratalogError {
  override readonly name = "SequenceGapError"
  /** The sequence that the log waits for. */
  readonly expected: number | undefined

  constructor(facts: ErrorFacts) {
    super(facts)
    this.expected = integerOf(facts.problem, "expected")
  }
}

export interface SchemaErrorPlace {
  readonly topic: string
  readonly part: "key" | "value"
  /** Where the record lies; absent for one that was not sent. */
  readonly partition?: number | undefined
  readonly offset?: number | undefined
}

/** A key or value does not decode, or its schema refuses it. A record that was to be sent was not. */
export class SchemaError extends StratalogError {
  override readonly name = "SchemaError"
  readonly topic: string
  readonly part: "key" | "value"
  readonly partition: number | undefined
  /** Read on from the next offset to leave this record out. */
  readonly offset: number | undefined
  readonly issues: readonly StandardSchemaV1.Issue[]

  constructor(place: SchemaErrorPlace, issues: readonly StandardSchemaV1.Issue[], cause?: unknown) {
    const at = place.offset === undefined ? "" : ` at partition ${place.partition}, offset ${place.offset}`
    const what = issues.map(describeIssue).join("; ")
    super({
      code: "schema_mismatch",
      detail: `The ${place.part} of a record of topic ${place.topic}${at} is not valid: ${what}`,
      retryable: false,
      sideEffects: "none",
      cause,
    })
    this.topic = place.topic
    this.part = place.part
    this.partition = place.partition
    this.offset = place.offset
    // Some libraries have arrays of their own.
    this.issues = Array.from(issues)
  }
}

/**
 * A record could not be processed and went nowhere else, so its consumer ended. `cause` is what its handler, or the
 * dead-letter topic, failed with.
 */
export class RecordFailedError extends StratalogError {
  override readonly name = "RecordFailedError"
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** How often it was tried. */
  readonly attempts: number

  constructor(place: { topic: string; partition: number; offset: number }, attempts: number, cause: unknown) {
    const { topic, partition, offset } = place
    const tries = attempts === 1 ? "one attempt" : `${attempts} attempts`
    const detail = `The record at offset ${offset} of topic ${topic}, partition ${partition}, could not be processed in ${tries}: ${messageOf(cause)}`
    super({ code: "record_failed", detail, retryable: false, sideEffects: "unknown", cause })
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.attempts = attempts
  }
}

/** The message of what was thrown, whatever that is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Where keys come from may be out of order for a while, so that a later attempt may succeed. */
export function credentialsUnavailable(lack: string, reason: string, cause?: unknown): StratalogError {
  return new StratalogError({
    code: "credentials_unavailable",
    detail: `The request was not sent, as ${lack}: ${reason}`,
    retryable: true,
    sideEffects: "none",
    cause,
  })
}

/** A call argument that cannot work, told before anything is sent. */
export function invalidArgument(detail: string): StratalogError {
  return new StratalogError({ code: "invalid_argument", detail, retryable: false, sideEffects: "none" })
}

function describeIssue(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment))
  return path.length === 0 ? issue.message : `${path.join(".")}: ${issue.message}`
}

function isDenied(value: unknown): value is DeniedPermission {
  if (typeof value !== "object" || value === null) return false
  const fields: Partial<Record<keyof DeniedPermission, unknown>> = value
  const { operation, resourceType, resourceName, patternType = "" } = fields
  return [operation, resourceType, resourceName, patternType].every((field) => typeof field === "string")
}

function integerOf(problem: Problem | undefined, name: string): number | undefined {
  const value = problem?.[name]
  return typeof value === "number" ? value : undefined
}
