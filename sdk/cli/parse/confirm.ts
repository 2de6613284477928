import { createInterface } from "node:readline/promises"
import { usageFailure } from "../failure.ts"
import type { Session } from "../session.ts"

/**
 * Asks on a terminal before something is lost; answers whether to go on. Where nobody can be asked, only `--yes` goes on.
 */
export async function confirm(session: Session, question: string, yes: boolean): Promise<boolean> {
  if (yes) return true
  const { stdin, stderr } = session.io
  if (stdin.isTTY !== true) throw usageFailure(`${question} Nobody can be asked here: say --yes to do it.`)
  const prompt = createInterface({ input: stdin, output: stderr })
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal: session.stop })
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    prompt.close()
  }
}
