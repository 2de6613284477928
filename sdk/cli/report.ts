/** From anything that was thrown to an exit code and what the user is told. */
import { CommanderError } from "commander"
import { ConnectionError, NotAuthorizedError, StratalogError } from "../client/errors.ts"
import { allowAdvice } from "./acl/allow-lines.ts"
import { adviceFor } from "./advice.ts"
import { connectionAdvice } from "./connection-advice.ts"
import { type ExitCode, exitCodes } from "./exit-codes.ts"
import { Failure, type FailureReport } from "./failure.ts"
import { printable } from "./format/printable.ts"

export interface Reported {
  readonly exitCode: ExitCode
  /** Absent where there is nothing to say: help was asked for. */
  readonly report?: FailureReport
}

/** The same failure with another advice. */
export function advised(error: unknown, advice: string): Failure {
  const { exitCode, report } = reportOf(error)
  const { code = "internal_error", detail = String(error) } = report ?? {}
  return new Failure(exitCode, { ...report, code, detail, advice }, { cause: error })
}

export function reportOf(error: unknown): Reported {
  if (error instanceof Failure) return { exitCode: error.exitCode, report: error.report }
  if (error instanceof StratalogError) return reportOfStratalog(error)
  if (error instanceof CommanderError) return reportOfCommander(error)
  const detail = error instanceof Error ? error.message : String(error)
  return {
    exitCode: exitCodes.refused,
    report: { code: "internal_error", detail, advice: "Set STRATA_DEBUG=1 to see where it comes from." },
  }
}

/** Lines for people: the sentence, the fields that were refused, what to do. */
export function reportLines(report: FailureReport): string[] {
  const fields = fieldErrors(report)
  // Where the fields are listed, the sentence would say the same again.
  const title = typeof report["title"] === "string" ? `${report["title"]}:` : report.detail
  const lines = [printable(fields.length === 0 ? report.detail : title)]
  for (const { path, message } of fields) lines.push(`  ${printable(path)}: ${printable(message)}`)
  if (report.advice !== undefined) lines.push(report.advice)
  // What to look for in the server's log.
  if (typeof report["requestId"] === "string") lines.push(`request ${printable(report["requestId"])}`)
  return lines
}

function reportOfStratalog(error: StratalogError): Reported {
  const advice = adviceOn(error)
  const { code, detail, status, retryable, sideEffects, problem, requestId } = error
  return {
    exitCode: neverAnswered(error) ? exitCodes.cannotConnect : exitCodes.refused,
    report: {
      ...problem,
      code,
      detail,
      ...(status === undefined ? {} : { status }),
      retryable,
      sideEffects,
      ...(requestId === undefined ? {} : { requestId }),
      ...(advice === undefined ? {} : { advice }),
    },
  }
}

/** Where the connection failed, the platform says why; where something is not allowed, the answer says what. */
function adviceOn(error: StratalogError): string | undefined {
  if (error instanceof NotAuthorizedError) return allowAdvice(error)
  const general = adviceFor(error.code, error.status)
  for (let cause: unknown = error; cause instanceof StratalogError; cause = cause.cause) {
    if (!(cause instanceof ConnectionError)) continue
    const advice = connectionAdvice(cause.url, cause.reason ?? "")
    return cause === error || general === undefined ? advice : `${advice}\n${general}`
  }
  return general
}

/** The connection failed, perhaps inside an outcome that nobody knows. */
function neverAnswered(error: StratalogError): boolean {
  for (let cause: unknown = error; cause instanceof StratalogError; cause = cause.cause) {
    if (cause.code === "connection_failed" || cause.code === "timeout") return true
  }
  return false
}

/** Help and version end by an error without being one; everything else is a command line that is not right. */
function reportOfCommander(error: CommanderError): Reported {
  if (error.exitCode === 0) return { exitCode: exitCodes.ok }
  // A command group without its command: its help was printed already.
  if (error.code === "commander.help") return { exitCode: exitCodes.usage }
  const detail = error.message.replace(/^error: /, "").replace("\n", " ")
  return {
    exitCode: exitCodes.usage,
    report: { code: "usage", detail: sentence(detail), advice: "See the command with --help." },
  }
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.?!)]$/.test(capital) ? capital : `${capital}.`
}

function fieldErrors(report: FailureReport): { path: string; message: string }[] {
  const errors = report["errors"]
  if (!Array.isArray(errors)) return []
  return errors.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null || !("path" in entry) || !("message" in entry)) return []
    return [{ path: String(entry.path), message: String(entry.message) }]
  })
}
