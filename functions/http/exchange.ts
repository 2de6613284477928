/** A request and its answer, as the endpoints see them: the same under Hono, Lambda and the server's quick path. */
import { type ErrorCode, type FieldError, PROBLEM_TYPE, type Problem, problem } from "stratalog/protocol"

export interface ApiRequest {
  /** Parameters of the path, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
  /** Without the question mark. */
  readonly search: string
  header(name: string): string | undefined
  /** The whole body, decoded, within the limits. Throws a `Refusal`. */
  body(): Promise<Uint8Array>
  /** Aborts when the caller is gone. */
  signal(): AbortSignal
  readonly requestId: string
}

export type ApiBody = string | Uint8Array | readonly Uint8Array[] | ReadableStream<Uint8Array>

export interface ApiResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: ApiBody
  /** Of an error answer. */
  readonly code?: ErrorCode
  /** What `body` says of an error, as it is before it is text. */
  readonly problem?: Problem
  /** What the log tells of it beside what was asked for (`audit` of the route); never sent. */
  readonly audited?: Readonly<Record<string, unknown>>
}

/** Ends a request with an error of the table. Thrown at the door only; the features answer with outcomes. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly extensions: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    detail: string,
    extensions: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.code = code
    this.extensions = extensions
    this.headers = headers
  }
}

/** Of a few errors all are in the sentence. */
const IN_A_SENTENCE = 10

export function invalid(errors: readonly FieldError[]): Refusal {
  const parts = errors.slice(0, IN_A_SENTENCE).map(({ path, message }) => {
    return path === "" ? message : `${path}: ${message}`
  })
  if (errors.length > IN_A_SENTENCE) parts.push(`and ${errors.length - IN_A_SENTENCE} more`)
  const detail = parts.join("; ")
  return new Refusal("invalid_request", detail, { errors })
}

const JSON_HEADERS = { "content-type": "application/json" }

export function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): ApiResponse {
  return rawJson(status, JSON.stringify(value), headers)
}

/** The same for text that is JSON already. Ends in a line break, for those who read it in a terminal. */
export function rawJson(status: number, text: string, headers?: Readonly<Record<string, string>>): ApiResponse {
  return { status, headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers }, body: `${text}\n` }
}

/** The answer to a deletion. */
export const noContent: ApiResponse = { status: 204, headers: {} }

/** Seconds after which a refused request may come again, for the errors that pass by themselves. */
const RETRY_AFTER: Readonly<Partial<Record<ErrorCode, string>>> = {
  too_many_requests: "1",
  unavailable: "1",
  storage_full: "5",
  outcome_unknown: "1",
}

export function problemResponse(value: Problem, headers?: Readonly<Record<string, string>>): ApiResponse {
  const retryAfter = RETRY_AFTER[value.code]
  return {
    status: value.status,
    code: value.code,
    problem: value,
    headers: {
      "content-type": PROBLEM_TYPE,
      "cache-control": "no-store",
      ...(retryAfter !== undefined && { "retry-after": retryAfter }),
      ...headers,
    },
    body: `${JSON.stringify(value)}\n`,
  }
}

/** An error says to which request it belongs, whatever made it. */
export function identified(answer: ApiResponse, requestId: string): ApiResponse {
  const { problem: value } = answer
  if (value === undefined) return answer
  return { ...answer, body: `${JSON.stringify({ ...value, requestId })}\n` }
}

export function refusalResponse({ code, message, extensions, headers }: Refusal): ApiResponse {
  return problemResponse(problem(code, message, extensions), headers)
}
