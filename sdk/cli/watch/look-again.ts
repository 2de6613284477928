import { StratalogError } from "../../client/errors.ts"
import type { Session } from "../session.ts"
import type { FailedLook } from "./trouble.ts"
import type { Watched } from "./watched.ts"

/** Undefined: there was something to see. Rejects where the command is to end. */
export async function lookAgain(
  { io }: Session,
  watched: Watched,
  before: FailedLook | undefined,
  stop: AbortSignal,
): Promise<FailedLook | undefined> {
  const since = before?.since ?? io.now()
  try {
    await watched.look(stop)
    return undefined
  } catch (error) {
    stop.throwIfAborted()
    if (!(error instanceof StratalogError)) throw error
    return { since, error }
  }
}
