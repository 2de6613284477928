/** One request without the client's retries, with its times. */
import type { Session } from "../session.ts"

export type Probe =
  | {
      readonly kind: "answered"
      readonly status: number
      readonly body: string
      readonly date: string | undefined
      /** Epoch milliseconds. */
      readonly sentAt: number
      readonly receivedAt: number
      readonly elapsedMs: number
    }
  | { readonly kind: "failed"; readonly code: string; readonly reason: string }

const TIMEOUT_MS = 10_000

/** Rejects only where the user ends it. */
export async function probe({ io, url, stop, fetch }: Session, path: string): Promise<Probe> {
  const sentAt = io.now()
  const start = performance.now()
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)])
    const response = await fetch(url.replace(/\/+$/, "") + path, { signal })
    const body = await response.text()
    const elapsedMs = performance.now() - start
    const date = response.headers.get("date") ?? undefined
    return { kind: "answered", status: response.status, body, date, sentAt, receivedAt: io.now(), elapsedMs }
  } catch (error) {
    stop.throwIfAborted()
    return { kind: "failed", ...reasonOf(error) }
  }
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
