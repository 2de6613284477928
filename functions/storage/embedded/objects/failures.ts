import type { Unavailable } from "../../../log/ports.ts"
import { errorCode, isOutOfSpace } from "../files/index.ts"

/** The outcome for what the file system threw; throws on what it did not. */
export function unavailableFrom(error: unknown, sideEffects: Unavailable["sideEffects"], action: string): Unavailable {
  if (errorCode(error) === undefined || !(error instanceof Error)) throw error
  const reason = isOutOfSpace(error) ? "storage_full" : "storage_failed"
  return { kind: "unavailable", reason, sideEffects, detail: `Could not ${action}: ${error.message}` }
}
