import { type ExitCode, exitCodes } from "./exit-codes.ts"

export type StopSignal = "SIGINT" | "SIGTERM"

/** Why `io.stop` was aborted. */
export class Stopped extends Error {
  readonly signal: StopSignal

  constructor(signal: StopSignal) {
    super(`ended by ${signal}`)
    this.name = "AbortError"
    this.signal = signal
  }
}

/** The exit code of a process that was asked to end; undefined where it was not. */
export function stopExitCode(stop: AbortSignal): ExitCode | undefined {
  return stop.aborted ? exitCodeOf(stop.reason) : undefined
}

/** That of a process which ended for this reason. */
export function exitCodeOf(reason: unknown): ExitCode {
  return reason instanceof Stopped && reason.signal === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted
}

/** Nobody reads the output any more (`| head`): the command has done its work. */
export class ReaderLeft extends Error {
  constructor() {
    super("nobody reads the output any more")
    this.name = "AbortError"
  }
}
