import { StratalogError } from "../client/errors.ts"
import { answered } from "./answered.ts"
import type { Session } from "./session.ts"

/** What is told of an empty list: `none` only where that is known. */
export async function noneText(session: Session, none: string): Promise<string> {
  return (await seesAll(session)) ? none : "None that you may see."
}

/**
 * Whether an empty list says that there is nothing: a caller that is known, and no super-user, gets what it may see.
 * May take a request, so to be asked where a list is empty.
 */
async function seesAll({ identity, connect, stop: signal }: Session): Promise<boolean> {
  if (identity.kind === "none") return true
  const who = await answered(connect().whoami({ signal }))
  // A server that is older than the question keeps nothing from anybody.
  return who instanceof StratalogError || who.access === "off" || who.superUser
}
