import type { Command } from "commander"
import { lagLines } from "../../format/lag-table.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"
import { totalText } from "./lag.ts"

export function addDescribe(parent: Command, shell: Shell): void {
  const command = parent
    .command("describe")
    .description("Show a group: its state, its topics, and how far it is behind.")
    .argument("<group>", "name of the group")
    .action(async (name: string, _options: object, self: Command) => {
      const session = shell.session(self)
      const group = session.connect().group(name)
      const { stop: signal, paint } = session
      const [description, lag] = await Promise.all([group.describe({ signal }), group.lag({ signal })])
      await session.print({ ...description, ...lag }, () => [
        `${paint("bold", description.group)}  ${description.state}  ${totalText(session, lag)}`,
        "",
        ...lagLines(session, lag),
      ])
    })
  withExamples(command, { "strata group describe billing": "State, topics and lag" })
}
