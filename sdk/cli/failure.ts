import { type ExitCode, exitCodes } from "./exit-codes.ts"

/** What went wrong, for people and for programs; the shape is that of the server's problems (RFC 9457). */
export interface FailureReport {
  /** A short word to choose by: the server's `code`, or `usage`, `cannot_connect`, `bad_input`. */
  readonly code: string
  /** One readable sentence. */
  readonly detail: string
  /** What to do about it. */
  readonly advice?: string
  readonly [extension: string]: unknown
}

/** An error that was expected: reported in a sentence, without a stack. */
export class Failure extends Error {
  readonly exitCode: ExitCode
  readonly report: FailureReport

  constructor(exitCode: ExitCode, report: FailureReport, options?: ErrorOptions) {
    super(report.detail, options)
    this.name = "Failure"
    this.exitCode = exitCode
    this.report = report
  }
}

/** The command line asks for what does not go together or does not exist. */
export function usageFailure(detail: string): Failure {
  return new Failure(exitCodes.usage, { code: "usage", detail })
}

/** What was to be read is missing or not what it should be. */
export function inputFailure(detail: string, options?: ErrorOptions): Failure {
  return new Failure(exitCodes.refused, { code: "bad_input", detail }, options)
}
