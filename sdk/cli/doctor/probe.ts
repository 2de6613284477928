/** One request without the client's retries, with its times. */
import type { FetchFunction } from "../../client/transport.ts"
import type { Session } from "../session.ts"

export interface Answer {
  readonly kind: "answered"
  readonly status: number
  readonly body: string
  readonly date: string | undefined
  readonly contentType: string
  /** What AWS calls its refusal. */
  readonly errorType: string | undefined
  /** Where it sends who asks: a base URL, where it leads to the same path there. */
  readonly redirectedTo: string | undefined
  /** Epoch milliseconds. */
  readonly sentAt: number
  readonly receivedAt: number
  readonly elapsedMs: number
}

export type Probe = Answer | { readonly kind: "failed"; readonly code: string; readonly reason: string }

interface ProbeRequest {
  /** Sent as a POST; default: a GET. */
  readonly json?: unknown
  /** Default: the session's. */
  readonly fetch?: FetchFunction
}

const TIMEOUT_MS = 10_000

/** Rejects only where the user ends it. */
export async function probe(session: Session, path: string, request: ProbeRequest = {}): Promise<Probe> {
  const { io, url, stop } = session
  const { fetch = session.fetch, json } = request
  const sentAt = io.now()
  const start = performance.now()
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)])
    const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) }
    const asked = url.replace(/\/+$/, "") + path
    const response = await fetch(asked, { signal, redirect: "manual", ...(json !== undefined && post) })
    const body = await response.text()
    const { headers } = response
    return {
      kind: "answered",
      status: response.status,
      body,
      date: headers.get("date") ?? undefined,
      contentType: headers.get("content-type") ?? "",
      errorType: headers.get("x-amzn-errortype")?.split(":")[0],
      redirectedTo: redirectionOf(response, asked, path),
      sentAt,
      receivedAt: io.now(),
      elapsedMs: performance.now() - start,
    }
  } catch (error) {
    stop.throwIfAborted()
    return { kind: "failed", ...reasonOf(error) }
  }
}

function redirectionOf({ status, headers }: Response, asked: string, path: string): string | undefined {
  const location = headers.get("location")
  if (status < 300 || status > 399 || location === null || !URL.canParse(location, asked)) return undefined
  const { href } = new URL(location, asked)
  return href.endsWith(path) ? href.slice(0, -path.length) : href
}

/** The innermost cause that has a code, as the platform names it. */
function reasonOf(error: unknown): { readonly code: string; readonly reason: string } {
  let found = { code: "", reason: String(error) }
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === "TimeoutError") return { code: "timeout", reason: `no answer within ${TIMEOUT_MS / 1000} s` }
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : found.code
    found = { code, reason: cause.message === "" ? code : cause.message }
  }
  return found
}
