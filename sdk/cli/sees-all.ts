import { StratalogError } from "../client/errors.ts"
import { answered } from "./answered.ts"
import type { Session } from "./session.ts"

/**
 * Whether an empty list says that there is nothing: a caller that is known, and no super-user, gets what it may see.
 * May take a request, so to be asked where a list is empty.
 */
export async function seesAll({ identity, connect, stop: signal }: Session): Promise<boolean> {
  if (identity.kind === "none") return true
  const who = await answered(connect().whoami({ signal }))
  // A server that is older than the question keeps nothing from anybody.
  return who instanceof StratalogError || who.access === "off" || who.superUser
}

export const NONE_TO_SEE = "None that you may see."
