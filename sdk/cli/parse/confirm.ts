import { usageFailure } from "../failure.ts"
import type { Session } from "../session.ts"
import { question } from "./question.ts"

/**
 * Asks on a terminal before something is lost; answers whether to go on. Where nobody can be asked, only `--yes` goes on.
 */
export async function confirm(session: Session, what: string, yes: boolean): Promise<boolean> {
  if (yes) return true
  if (session.io.stdin.isTTY !== true) throw usageFailure(`${what} Nobody can be asked here: say --yes to do it.`)
  return /^y(es)?$/i.test((await question(session, `${what} [y/N] `)).trim())
}
