/** From an answer that is no success, or no answer at all, to the error that says so. */
import { isErrorCode, type Problem } from "../protocol/errors.ts"
import {
  ConnectionError,
  type ErrorFacts,
  FenceFailedError,
  MatchFailedError,
  NotAuthorizedError,
  OffsetOutOfRangeError,
  OutcomeUnknownError,
  ProducerFencedError,
  SequenceGapError,
  StratalogError,
  TopicNotFoundError,
  UnauthenticatedError,
} from "./errors.ts"

/** The error of a problem+json body, also of one that stands for a partition inside a 207. */
export function errorOfProblem(problem: Problem, requestId?: string): StratalogError {
  return errorOfFacts({
    code: problem.code,
    detail: problem.detail,
    status: problem.status,
    retryable: problem.retryable,
    sideEffects: problem.sideEffects,
    problem,
    requestId: requestId ?? (typeof problem["requestId"] === "string" ? problem["requestId"] : undefined),
  })
}

/**
 * The error of an answer whose body is no problem: a proxy or a gateway sent it. A 4xx was refused before any work; of
 * a 5xx nobody knows what happened behind the gateway.
 */
function errorOfStatus(status: number, body: string, requestId?: string): StratalogError {
  const head = body.slice(0, 200).trim()
  return new StratalogError({
    code: "unexpected_response",
    detail: `The server answered with status ${status}${head === "" ? " and no body" : `: ${head}`}`,
    status,
    retryable: status === 408 || status === 429 || status >= 500,
    sideEffects: status >= 500 ? "unknown" : "none",
    requestId,
  })
}

/** The error of an answer with status 4xx or 5xx. */
export function errorOfAnswer(status: number, body: string, requestId?: string): StratalogError {
  const problem = parseProblem(body)
  return problem === undefined ? errorOfStatus(status, body, requestId) : errorOfProblem(problem, requestId)
}

/** The error of an answer that sends elsewhere, of which a browser shows neither status nor where; undefined for any other. */
export function redirectOf({ type, status, headers }: Response, url: string): StratalogError | undefined {
  const location = headers.get("location")
  if (type !== "opaqueredirect" && (status < 300 || status > 399 || location === null)) return undefined
  return new StratalogError({
    code: "unexpected_response",
    detail: `${url} sends elsewhere${location === null ? "" : `, to ${location}`}: use the URL of the server itself.`,
    status,
    retryable: false,
    sideEffects: "none",
  })
}

/** The error of a `fetch` that threw. */
export function errorOfLostConnection(cause: unknown, url: string): ConnectionError {
  const codes = codesOf(cause)
  const distrusted = codes.some((code) => CERTIFICATE_REFUSED.test(code))
  const neverSent = distrusted || codes.some((code) => CONNECT_FAILURES.has(code))
  const reason = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : ""
  const facts = {
    code: "connection_failed",
    detail: `${neverSent ? "Cannot connect to" : "Lost the connection to"} ${url}${reason === "" ? "" : `: ${reason}`}`,
    // The same certificate would be shown again.
    retryable: !distrusted,
    sideEffects: neverSent ? "none" : "unknown",
    cause,
  } as const
  return new ConnectionError(facts, url, codes.at(-1))
}

/** Of a request for a producer id, which is refused to who may write to no topic at all: so not to this one either. */
export function asDeniedWrite(error: NotAuthorizedError, topic: string): NotAuthorizedError {
  const { principal = "This client", problem } = error
  const detail = `${principal} is not allowed to write topic ${topic}.`
  const denied = [{ operation: "write", resourceType: "topic", resourceName: topic }]
  return new NotAuthorizedError({
    ...error,
    detail,
    problem: problem && { ...problem, detail, denied },
    cause: error,
  })
}

/** A write's error as its caller has to see it: one class wherever something may have happened. */
export function asOutcomeUnknown(error: StratalogError): OutcomeUnknownError {
  if (error instanceof OutcomeUnknownError) return error
  return new OutcomeUnknownError({
    code: "outcome_unknown",
    detail: `The write may or may not have taken effect: ${error.detail}`,
    status: error.status,
    retryable: error.retryable,
    sideEffects: "unknown",
    problem: error.problem,
    requestId: error.requestId,
    cause: error,
  })
}

function errorOfFacts(facts: ErrorFacts): StratalogError {
  switch (facts.code) {
    case "unauthenticated":
      return new UnauthenticatedError(facts)
    case "not_authorized":
      return new NotAuthorizedError(facts)
    case "topic_not_found":
      return new TopicNotFoundError(facts)
    case "match_failed":
      return new MatchFailedError(facts)
    case "fence_failed":
      return new FenceFailedError(facts)
    case "offset_below_log_start":
    case "offset_beyond_end":
      return new OffsetOutOfRangeError(facts)
    case "producer_fenced":
      return new ProducerFencedError(facts)
    case "sequence_gap":
      return new SequenceGapError(facts)
    case "outcome_unknown":
      return new OutcomeUnknownError(facts)
    default:
      return new StratalogError(facts)
  }
}

function parseProblem(body: string): Problem | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return undefined
  }
  return isProblem(parsed) ? parsed : undefined
}

/** Whether this is one of our problems: a gateway's JSON error has other fields. */
function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false
  const { code, status, detail, retryable, sideEffects } = value as Partial<Record<keyof Problem, unknown>>
  return (
    typeof code === "string" &&
    isErrorCode(code) &&
    typeof status === "number" &&
    typeof detail === "string" &&
    typeof retryable === "boolean" &&
    (sideEffects === "none" || sideEffects === "unknown")
  )
}

/** Failures of making a connection, as Node (undici, c-ares) and Bun name them: no byte of the request left. */
const CONNECT_FAILURES = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
])

/**
 * Certificates that were refused before anything was sent, as Node and Bun name that (Node's "X509 certificate error
 * codes"). Not ERR_SSL_*: what they tell may come later, too.
 */
const CERTIFICATE_REFUSED =
  /^(ERR_TLS_CERT_|(CERT|CRL|DEPTH_ZERO|SELF_SIGNED|ERROR_IN|UNABLE_TO|PATH_LENGTH)_|INVALID_(CA|PURPOSE)$|HOSTNAME_)/

/** From the outermost cause to the innermost. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") codes.push(cause.code)
  }
  return codes
}
