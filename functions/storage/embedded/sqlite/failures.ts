/** What a failure of SQLite means to a caller. Codes: https://sqlite.org/rescode.html; node:sqlite gives the extended ones. */
import type { Unavailable } from "../../../log/ports.ts"

interface Failure {
  readonly reason: "storage_full" | "storage_failed"
  /**
   * Whether a COMMIT that fails this way may still turn out committed after a crash: its last frame may have reached
   * the write-ahead log although the write or sync was reported as failed.
   */
  readonly maySurviveCommit: boolean
  readonly explanation: string
}

/** By primary code, the low byte. What is absent is a mistake of this program, not of its storage. */
const FAILURES = new Map<number, Failure>([
  [5, { reason: "storage_failed", maySurviveCommit: false, explanation: "another process holds the database locked" }],
  [8, { reason: "storage_failed", maySurviveCommit: false, explanation: "the database cannot be written" }],
  [10, { reason: "storage_failed", maySurviveCommit: true, explanation: "the disk failed to read or write" }],
  [11, { reason: "storage_failed", maySurviveCommit: true, explanation: "the database file is damaged" }],
  [13, { reason: "storage_full", maySurviveCommit: false, explanation: "the disk is full" }],
  [14, { reason: "storage_failed", maySurviveCommit: false, explanation: "the database file cannot be opened" }],
  [26, { reason: "storage_failed", maySurviveCommit: false, explanation: "the file is not a SQLite database" }],
])

/** The outcome for what SQLite threw in a transaction; `undefined` where it was not the storage that failed. */
export function unavailableFrom(error: unknown, during: "work" | "commit"): Unavailable | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined
  const failure = FAILURES.get(error.errcode & 0xff)
  if (failure === undefined) return undefined
  return {
    kind: "unavailable",
    reason: failure.reason,
    sideEffects: during === "commit" && failure.maySurviveCommit ? "unknown" : "none",
    detail: `${failure.explanation}: ${error.message} (SQLite code ${error.errcode})`,
  }
}

export const CLOSING: Unavailable = {
  kind: "unavailable",
  reason: "closing",
  sideEffects: "none",
  detail: "the database is closed or closing",
}
