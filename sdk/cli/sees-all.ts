import { StratalogError } from "../client/errors.ts"
import { answered } from "./doctor/answered.ts"
import type { Session } from "./session.ts"

/**
 * Whether an empty list says that there is nothing: a caller that is no super-user gets what it may see. A request, so to
 * be asked where a list is empty.
 */
export async function seesAll({ connect, stop: signal }: Session): Promise<boolean> {
  const who = await answered(connect().whoami({ signal }))
  // A server that is older than the question keeps nothing from anybody.
  return who instanceof StratalogError || who.access === "off" || who.superUser
}

export const NONE_TO_SEE = "None that you may see."
