/** Whether appends can be expected to succeed, by what became of the last ones. */
import type { AdminDependencies } from "../http/dependencies.ts"
import type { Unavailable } from "../log/ports.ts"

/**
 * After so long without an append a failure says nothing any more, milliseconds. It also ends the silence that a load
 * balancer makes: who gets no requests while not ready could never show that it is ready again.
 */
const FAILURE_COUNTS_FOR = 30_000

export interface StorageHealth {
  /** An append became durable. */
  succeeded(): void
  /** One could not be made. */
  failed(failure: Unavailable): void
  readonly check: AdminDependencies["health"]
}

export function storageHealth(now: () => number = () => performance.now()): StorageHealth {
  let last: { readonly failure: Unavailable; readonly at: number } | undefined
  return {
    succeeded() {
      last = undefined
    },
    failed(failure) {
      last = { failure, at: now() }
    },
    check() {
      if (last === undefined || now() - last.at > FAILURE_COUNTS_FOR) return { kind: "ok" }
      return { kind: "not_ready", full: last.failure.reason === "storage_full", detail: last.failure.detail }
    },
  }
}
