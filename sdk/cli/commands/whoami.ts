import type { Command } from "commander"
import type { Whoami } from "../../protocol/schemas/access.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

export function addWhoami(program: Command, shell: Shell): void {
  const command = program
    .command("whoami")
    .description("Whom the server takes this command for, and by what.")
    .action(async (_options: unknown, self: Command) => {
      const session = shell.session(self)
      const who = await session.connect().whoami({ signal: session.stop })
      await session.print(who, () => [whoText(session, who)])
    })
  withExamples(command, { "strata whoami --profile prod": "Whether the key of a profile is taken, and whose it is" })
}

function whoText({ show }: Session, { principal, superUser, access, key }: Whoami): string {
  if (access === "off") return `${principal}: the server asks nobody who they are, and everybody may do everything`
  const who = `${principal}${superUser ? " (super-user)" : ""}`
  if (key === null) return `${who}, by a ${access === "token" ? "token" : "signature"}`
  return `${who}, by key ${key.id}${key.expiresAt === null ? "" : `, which expires ${show.time(key.expiresAt)}`}`
}
