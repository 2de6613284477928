/** Who changed what: a line for each call of a route that says what of it is told (`audit`). */
import type { Exchange } from "../api.ts"
import type { LogEvent } from "./log-line.ts"

/** Undefined where nothing was asked for that this is about: another route, or a request that could not be understood. */
export function administrationEvent({ audited, caller, answer, request, routeId }: Exchange): LogEvent | undefined {
  if (audited === undefined) return undefined
  const { status, code } = answer
  return {
    level: status < 400 ? "info" : "warn",
    event: "administration",
    route: routeId,
    who: caller?.name ?? null,
    ...(caller?.proof.kind === "key" && { key: caller.proof.id }),
    what: shortened({ ...audited, ...answer.audited }),
    status,
    ...(code !== undefined && { code }),
    requestId: request.requestId,
  }
}

const MOST_CHARACTERS = 4_096

/** A request may name a great many things. */
function shortened(what: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (JSON.stringify(what).length <= MOST_CHARACTERS) return what
  const entries = Object.entries(what).map(([name, value]) => {
    const isLong = typeof value === "object" && value !== null && JSON.stringify(value).length > MOST_ENTRY_CHARACTERS
    return [name, isLong ? `${Object.keys(value).length} of them` : value] as const
  })
  return Object.fromEntries(entries)
}

const MOST_ENTRY_CHARACTERS = 512
