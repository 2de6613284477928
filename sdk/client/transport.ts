/** Requests: one attempt with its time limit, and attempts until one succeeds or none may follow. */
import { type ApiKeySource, authorizationOf, bearer, refuseTwoAuthorizations } from "./api-key.ts"
import type { Clock } from "./clock.ts"
import { StratalogError, TimeoutError } from "./errors.ts"
import { bodyOf, type HttpAnswer, type HttpRequest, isRepeatable, pathAndQuery } from "./http-request.ts"
import { asOutcomeUnknown, errorOfAnswer, errorOfLostConnection, redirectOf } from "./problem-error.ts"
import { mayRetry, parseRetryAfter, type RetryPolicy, retryPause } from "./retry-policy.ts"

export type HeaderSource =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)

export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>

export interface TransportOptions {
  readonly baseUrl: string
  readonly fetch: FetchFunction
  readonly headers: HeaderSource
  readonly apiKey?: ApiKeySource | undefined
  readonly timeoutMs: number
  readonly retries: RetryPolicy
  readonly clock: Clock
}

export type Attempt =
  | { readonly kind: "answered"; readonly answer: HttpAnswer }
  | { readonly kind: "failed"; readonly error: StratalogError; readonly retryAfterMs: number | undefined }

/** Whether an attempt that lost its answer matters to the next one's error. */
export interface Failure {
  readonly error: StratalogError
  /** An attempt before it may have taken effect. */
  readonly afterUnknown: boolean
}

const JSON_TYPE = "application/json"
const UNAUTHORIZED = 401

export class Transport {
  readonly #options: TransportOptions

  /** Refuses a key that is none, and one beside an Authorization header. */
  constructor(options: TransportOptions) {
    const { apiKey, headers } = options
    if (typeof apiKey === "string") bearer(apiKey)
    if (apiKey !== undefined && typeof headers !== "function") refuseTwoAuthorizations(headers)
    this.#options = options
  }

  get clock(): Clock {
    return this.#options.clock
  }

  /** The time limit of one request beyond the wait it asks for, milliseconds. */
  get timeoutMs(): number {
    return this.#options.timeoutMs
  }

  get retries(): RetryPolicy {
    return this.#options.retries
  }

  /** The answer's JSON. */
  async json<T, S = T>(
    request: HttpRequest & { readonly answers: NoInfer<keyof T> },
    settle?: (failure: Failure) => S | undefined,
  ): Promise<T | S> {
    const answer = await this.send<HttpAnswer | { settled: S }>(request, (failure) => {
      const settled = settle?.(failure)
      return settled === undefined ? undefined : { settled }
    })
    return "settled" in answer ? answer.settled : parseJson<T>(request, answer)
  }

  /** The pages of a list, one after another. */
  async *pages<Page extends { readonly nextCursor?: string | undefined }>(
    path: string,
    answers: NoInfer<keyof Page & string>,
    query: NonNullable<HttpRequest["query"]>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Page> {
    let cursor: string | undefined
    do {
      const page: Page = await this.json({ method: "GET", path, answers, query: { ...query, cursor }, signal })
      yield page
      cursor = page.nextCursor
    } while (cursor !== undefined)
  }

  /**
   * Sends until it is answered. A write that may have taken effect is sent again only if it is repeatable; where its
   * outcome stays open it ends in an OutcomeUnknownError. `settle` may turn the last failure into a result.
   */
  async send<T = HttpAnswer>(
    request: HttpRequest,
    settle?: (failure: Failure) => T | undefined,
  ): Promise<T | HttpAnswer> {
    const { retries, clock, timeoutMs } = this.#options
    const repeatable = isRepeatable(request)
    let afterUnknown = false
    for (let attempt = 1; ; attempt++) {
      const result = await this.attempt(request, timeoutMs + (request.waitMs ?? 0))
      if (result.kind === "answered") return result.answer
      const { error, retryAfterMs } = result
      if (attempt >= retries.attempts || !mayRetry(error, repeatable)) {
        const settled = settle?.({ error, afterUnknown })
        if (settled !== undefined) return settled
        throw lastError(request, error, afterUnknown)
      }
      if (error.sideEffects === "unknown") afterUnknown = true
      await clock.sleep(retryPause(attempt, retries, clock.random(), retryAfterMs), request.signal)
    }
  }

  /** One attempt. Rejects only with the caller's abort reason; everything else is an outcome. */
  async attempt(request: HttpRequest, timeoutMs: number): Promise<Attempt> {
    const { signal } = request
    signal?.throwIfAborted()
    const headers = await this.#headers(request)
    signal?.throwIfAborted()
    const controller = new AbortController()
    const onAbort = () => controller.abort(signal?.reason)
    signal?.addEventListener("abort", onAbort, { once: true })
    const answered = new AbortController()
    const onTimeout = () => controller.abort(timeout(request, timeoutMs))
    this.clock.sleep(timeoutMs, answered.signal).then(onTimeout, () => undefined)
    try {
      return await this.#exchange(request, headers, controller.signal)
    } catch (cause) {
      if (signal?.aborted) throw signal.reason
      if (cause instanceof StratalogError) return failed(cause)
      if (controller.signal.aborted) return failed(timeout(request, timeoutMs))
      return failed(errorOfLostConnection(cause, this.#options.baseUrl))
    } finally {
      answered.abort()
      signal?.removeEventListener("abort", onAbort)
    }
  }

  /** A key that is given by a function is asked for once more where it was refused: it may just have been changed. */
  async #exchange(request: HttpRequest, headers: Record<string, string>, signal: AbortSignal): Promise<Attempt> {
    const { apiKey } = this.#options
    if (apiKey === undefined) return this.#ask(request, headers, signal)
    refuseTwoAuthorizations(headers)
    const authorization = await authorizationOf(apiKey, { refused: false }, signal)
    const result = await this.#ask(request, { ...headers, authorization }, signal)
    if (typeof apiKey === "string" || result.kind !== "failed" || result.error.status !== UNAUTHORIZED) return result
    const other = await authorizationOf(apiKey, { refused: true }, signal)
    return other === authorization ? result : this.#ask(request, { ...headers, authorization: other }, signal)
  }

  async #ask(request: HttpRequest, headers: Record<string, string>, signal: AbortSignal): Promise<Attempt> {
    const response = await this.#options.fetch(this.#options.baseUrl + pathAndQuery(request), {
      method: request.method,
      headers,
      signal,
      // Followed, a POST would become a GET, and its success would be that of another request.
      redirect: "manual",
      ...bodyOf(request),
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (response.ok) return { kind: "answered", answer: { status: response.status, headers: response.headers, bytes } }
    const moved = redirectOf(response, this.#options.baseUrl)
    if (moved !== undefined) return failed(moved)
    const requestId = response.headers.get("x-request-id") ?? undefined
    const error = errorOfAnswer(response.status, new TextDecoder().decode(bytes), requestId)
    return failed(error, parseRetryAfter(response.headers.get("retry-after"), this.#options.clock.now()))
  }

  async #headers(request: HttpRequest): Promise<Record<string, string>> {
    const { headers } = this.#options
    const own = typeof headers === "function" ? await headers() : headers
    const accept = request.accept ?? JSON_TYPE
    const type = request.body?.type ?? (request.json === undefined ? undefined : JSON_TYPE)
    return type === undefined ? { ...own, accept } : { ...own, accept, "content-type": type }
  }
}

/** The JSON of a success, which the server's schemas describe. */
export function parseJson<T>(request: HttpRequest, answer: HttpAnswer): T {
  let parsed: T
  try {
    parsed = JSON.parse(new TextDecoder().decode(answer.bytes)) as T
  } catch (cause) {
    throw notOurs(request, answer, "a body that is no JSON", cause)
  }
  const { answers } = request
  if (answers === undefined || (typeof parsed === "object" && parsed !== null && Object.hasOwn(parsed, answers)))
    return parsed
  throw notOurs(request, answer, `JSON without "${answers}", which is not Stratalog's answer`)
}

function notOurs(request: HttpRequest, { status }: HttpAnswer, what: string, cause?: unknown): StratalogError {
  const error = new StratalogError({
    code: "unexpected_response",
    detail: `The server answered with status ${status} and ${what}.`,
    status,
    retryable: false,
    sideEffects: request.method === "GET" ? "none" : "unknown",
    cause,
  })
  return lastError(request, error, false)
}

/** A definite refusal says nothing about an earlier attempt that may have been taken. */
function lastError(request: HttpRequest, error: StratalogError, afterUnknown: boolean): StratalogError {
  if (request.method === "GET") return error
  return afterUnknown || error.sideEffects === "unknown" ? asOutcomeUnknown(error) : error
}

function failed(error: StratalogError, retryAfterMs?: number): Attempt {
  return { kind: "failed", error, retryAfterMs }
}

function timeout(request: HttpRequest, timeoutMs: number): TimeoutError {
  return new TimeoutError({
    code: "timeout",
    detail: `${request.method} ${request.path} was not answered within ${timeoutMs} ms.`,
    retryable: true,
    sideEffects: request.method === "GET" ? "none" : "unknown",
  })
}
