/** Stands in front of a service's `fetch` and lets in who shows a key that it knows. */
import type { FetchFunction } from "stratalog"

export class KeyGate {
  /** Those let in. */
  readonly keys = new Set<string>()
  /** What `Authorization` was, request by request; null: none. */
  readonly shown: (string | null)[] = []
  readonly #behind: FetchFunction

  constructor(behind: FetchFunction, ...keys: readonly string[]) {
    this.#behind = behind
    for (const key of keys) this.keys.add(key)
  }

  readonly fetch: FetchFunction = async (url, init) => {
    const shown = new Headers(init.headers).get("authorization")
    this.shown.push(shown)
    const [, key = ""] = /^Bearer (.*)$/.exec(shown ?? "") ?? []
    return this.keys.has(key) ? this.#behind(url, init) : refusal()
  }
}

function refusal(): Response {
  const body = {
    type: "/docs/errors#unauthenticated",
    title: "Not authenticated",
    status: 401,
    detail: "A key is missing.",
    code: "unauthenticated",
    retryable: false,
    sideEffects: "none",
  }
  const headers = { "content-type": "application/problem+json", "www-authenticate": "Bearer" }
  return new Response(JSON.stringify(body), { status: 401, headers })
}
