import type { Unavailable } from "../../../log/ports.ts"

/** What the journal tells its observer: counters for metrics, and what an operator wants to know. */
export type JournalEvent =
  /** One group became durable: batches and other entries, bytes written, and how long the write and its sync took. */
  | { readonly kind: "flush"; readonly entries: number; readonly bytes: number; readonly milliseconds: number }
  /** One group could not be made durable, and its callers were told so. */
  | { readonly kind: "refused"; readonly failure: Unavailable }
  | { readonly kind: "roll"; readonly file: number }
  /** A file whose batches were all removed is gone from the disk. */
  | { readonly kind: "reclaimed"; readonly file: number; readonly bytes: number }
  /** The journal was opened. `truncatedBytes` of a write that a crash cut short were dropped; none was acknowledged. */
  | { readonly kind: "recovered"; readonly files: number; readonly entries: number; readonly truncatedBytes: number }
  /** Something failed that no caller waits for, or that the journal has worked around. */
  | { readonly kind: "failure"; readonly during: string; readonly error: unknown }

/** The journal cannot be opened; the message says what to do. */
export class JournalOpenError extends Error {
  override readonly name = "JournalOpenError"
  readonly code: "locked" | "corrupt" | "unsupported"

  constructor(code: "locked" | "corrupt" | "unsupported", message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
