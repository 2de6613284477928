import { exitCodes } from "./exit-codes.ts"
import { paintFor } from "./format/paint.ts"
import type { CliIo, Env } from "./io.ts"
import { buildProgram } from "./program.ts"
import { reportLines, reportOf } from "./report.ts"
import { exitCodeOf, ReaderLeft, Stopped, stopExitCode } from "./stopped.ts"

/** Runs one command line (without `node` and the script) and answers the exit code; never throws. */
export async function run(args: readonly string[], io: CliIo, env: Env): Promise<number> {
  try {
    await buildProgram(io, env).parseAsync(args, { from: "user" })
  } catch (error) {
    return fail(error, args, io, env)
  }
  return stopExitCode(io.stop) ?? 0
}

function fail(error: unknown, args: readonly string[], io: CliIo, env: Env): number {
  const stopped = stopExitCode(io.stop)
  if (stopped !== undefined && isAbort(error, io.stop)) return stopped
  // Ctrl-C as a key, where a command takes keys one by one.
  if (error instanceof Stopped) return exitCodeOf(error)
  if (error instanceof ReaderLeft) return exitCodes.ok
  const { exitCode, report } = reportOf(error)
  if (report === undefined) return exitCode
  // The command line may not have been understood, so the options are looked for in the words themselves.
  if (args.includes("--json")) io.stderr.write(`${JSON.stringify(report)}\n`)
  else {
    const paint = paintFor(io.stderr, env, !args.includes("--no-color"))
    io.stderr.write(`${paint("red", "strata:")} ${reportLines(report).join("\n")}\n`)
  }
  if (env["STRATA_DEBUG"] === "1" && error instanceof Error) io.stderr.write(`${debugText(error)}\n`)
  return exitCode
}

function isAbort(error: unknown, stop: AbortSignal): boolean {
  return error === stop.reason || (error instanceof Error && error.name === "AbortError")
}

/** The stack with those of the causes. */
function debugText(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${debugText(error.cause)}` : ""
  return `${error.stack ?? error.message}${cause}`
}
