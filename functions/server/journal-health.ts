/** Whether appends can be expected to succeed, by what became of the last ones. */
import type { ApiDependencies } from "../http/dependencies.ts"
import type { Unavailable } from "../log/ports.ts"
import type { JournalEvent } from "../storage/embedded/journal/index.ts"

/**
 * After so long without an append a failure says nothing any more, milliseconds. It also ends the silence that a load
 * balancer makes: who gets no requests while not ready could never show that it is ready again.
 */
const FAILURE_COUNTS_FOR = 30_000

export interface JournalHealth {
  hear(event: JournalEvent): void
  readonly check: ApiDependencies["health"]
}

export function journalHealth(now: () => number = () => performance.now()): JournalHealth {
  let last: { readonly failure: Unavailable; readonly at: number } | undefined
  return {
    hear(event) {
      if (event.kind === "flush") last = undefined
      if (event.kind === "refused") last = { failure: event.failure, at: now() }
    },
    check() {
      if (last === undefined || now() - last.at > FAILURE_COUNTS_FOR) return { kind: "ok" }
      return { kind: "not_ready", full: last.failure.reason === "storage_full", detail: last.failure.detail }
    },
  }
}
