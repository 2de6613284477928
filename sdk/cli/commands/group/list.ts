import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addList(parent: Command, shell: Shell): void {
  const command = parent
    .command("list")
    .description("List the groups that have committed offsets.")
    .action(async (_options: object, self: Command) => {
      const session = shell.session(self)
      const groups: { readonly group: string }[] = []
      for await (const group of session.connect().groups.list({ signal: session.stop })) groups.push(group)
      await session.print({ groups }, () => groups.map(({ group }) => group))
      if (groups.length === 0) session.notice("No groups: none has committed an offset yet.")
    })
  withExamples(command, { "strata group list": "One name a line" })
}
