/** The key that is given to be kept: as it stands, or from stdin. */
import { text } from "node:stream/consumers"
import { bearer } from "../../client/api-key.ts"
import { StratalogError } from "../../client/errors.ts"
import { inputFailure } from "../failure.ts"
import { question } from "../parse/question.ts"
import type { Session } from "../session.ts"

/** `-` stands for stdin. Fails for what cannot be a key, without telling it. */
export async function readKey(session: Session, given: string): Promise<string> {
  const key = (given === "-" ? await readInput(session) : given).trim()
  try {
    bearer(key)
  } catch (error) {
    throw error instanceof StratalogError ? inputFailure(error.detail) : error
  }
  return key
}

async function readInput(session: Session): Promise<string> {
  const { stdin } = session.io
  return stdin.isTTY === true ? question(session, "The key, which is not shown: ", { hidden: true }) : text(stdin)
}
