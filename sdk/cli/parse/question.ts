import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import type { Session } from "../session.ts"

/** One line that is typed on the terminal. `hidden`: it is not to be seen there. */
export async function question({ io, stop }: Session, text: string, { hidden = false } = {}): Promise<string> {
  const { stdin, stderr } = io
  if (hidden) stderr.write(text)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: stdin, output: hidden ? nowhere : stderr, ...(hidden && { terminal: true }) })
  // On a terminal Ctrl-C is a key like others until it is made the signal again.
  prompt.on("SIGINT", () => process.emit("SIGINT"))
  try {
    return await prompt.question(hidden ? "" : text, { signal: stop })
  } finally {
    prompt.close()
    if (hidden) stderr.write("\n")
  }
}
