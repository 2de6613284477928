/** Asks a web service for JSON, with a time limit, and again where that may help. */
import type * as z from "zod"
import { pause } from "../program/pause.ts"

export type Answer<T> =
  | { readonly kind: "value"; readonly value: T }
  /** `status` where there was one; `again`: the same request may succeed later. */
  | { readonly kind: "problem"; readonly reason: string; readonly status?: number; readonly again: boolean }

export interface GetOptions {
  readonly signal: AbortSignal
  /** How long one attempt may take, milliseconds. */
  readonly timeoutMs?: number
  readonly attempts?: number
  /** The first pause before another attempt is about so long; it doubles each time. Milliseconds. */
  readonly backoffMs?: number
}

/** No service is waited for longer than this between two attempts, whatever its Retry-After says. */
const LONGEST_PAUSE_MS = 30_000

/** Never rejects: a service that fails is an answer, too. */
export async function getJson<T>(url: URL, schema: z.ZodType<T>, options: GetOptions): Promise<Answer<T>> {
  const { signal, timeoutMs = 10_000, attempts = 4, backoffMs = 1_000 } = options
  for (let attempt = 1; ; attempt++) {
    const { retryAfterMs, ...answer } = await request(url, schema, signal, timeoutMs)
    if (answer.kind === "value" || !answer.again || attempt === attempts || signal.aborted) return answer
    // Spread, so that programs that failed together do not come back together.
    const spread = backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
    await pause(Math.min(LONGEST_PAUSE_MS, Math.max(spread, retryAfterMs ?? 0)), signal)
  }
}

type Attempt<T> = Answer<T> & { readonly retryAfterMs?: number }

async function request<T>(url: URL, schema: z.ZodType<T>, signal: AbortSignal, timeoutMs: number): Promise<Attempt<T>> {
  try {
    // The limit covers the body, too: a service may begin an answer and never end it.
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
    const { status, headers } = response
    const text = await response.text()
    if (response.ok) return read(text, schema)
    const again = status === 429 || status >= 500
    const retryAfter = Number(headers.get("retry-after") ?? 0)
    const retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1000 : 0
    return { kind: "problem", reason: `status ${status}`, status, again, retryAfterMs }
  } catch (error) {
    // The URL may hold a key, so the error is not shown whole.
    return { kind: "problem", reason: `no answer (${error instanceof Error ? error.name : "no error"})`, again: true }
  }
}

function read<T>(text: string, schema: z.ZodType<T>): Attempt<T> {
  const body = parseJson(text)
  if (body === undefined) return { kind: "problem", reason: "an answer that is no JSON", again: true }
  const parsed = schema.safeParse(body)
  if (parsed.success) return { kind: "value", value: parsed.data }
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? "" : ` (${issue.path.join(".")}: ${issue.message})`
  return { kind: "problem", reason: `an answer of another shape${where}`, again: false }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
