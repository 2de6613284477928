/** The key that is given to be kept: as it stands, or from stdin. */
import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { text } from "node:stream/consumers"
import { bearer } from "../../client/api-key.ts"
import { StratalogError } from "../../client/errors.ts"
import { inputFailure } from "../failure.ts"
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

async function readInput({ io, stop }: Session): Promise<string> {
  const { stdin, stderr } = io
  if (stdin.isTTY !== true) return text(stdin)
  stderr.write("The key, which is not shown: ")
  // What is typed is echoed to nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: stdin, output: nowhere, terminal: true })
  try {
    return await prompt.question("", { signal: stop })
  } finally {
    prompt.close()
    stderr.write("\n")
  }
}
