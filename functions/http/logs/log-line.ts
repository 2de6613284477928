/** The lines that a process writes for its operator: JSON, one event each. */

/** More fields as the event has them; `requestId` where a request led to it. No payloads, keys or tokens. */
export interface LogEvent extends Readonly<Record<string, unknown>> {
  readonly level: "info" | "warn" | "error"
  /** Which event it is; nothing else is to be matched. */
  readonly event: string
}

export type Report = (event: LogEvent) => void

/** `now`: epoch milliseconds. Ends in a line break. */
export function logLine(event: LogEvent, now: number): string {
  return `${withoutSecrets(JSON.stringify({ time: new Date(now).toISOString(), ...event }))}\n`
}

/**
 * What went wrong, for the log: where, and the message but of errors that quote what they could not read, which may be anybody's.
 */
export function saidOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { stack = `${error.name}: ${error.message}` } = error
  return error instanceof SyntaxError ? stack.replace(error.message, "(what it quotes is left out)") : stack
}

/** The last net under a mistake: nothing is to write them in the first place. Ids of keys stay. */
function withoutSecrets(line: string): string {
  return line.replace(/\b(stk_[a-z2-7]+_)[\w-]+/g, "$1...").replace(/\b(Bearer\s+|Signature=)[\w.~+/=-]+/gi, "$1...")
}
