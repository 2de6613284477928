import type { Command } from "commander"
import type { GroupDescription } from "../../../client/groups.ts"
import { tableLines } from "../../format/table.ts"
import { noneText } from "../../sees-all.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

const NONE = "No groups: none has committed an offset yet."

export function addList(parent: Command, shell: Shell): void {
  const command = parent
    .command("list")
    .description("List the groups that have committed offsets or members.")
    .option("--state", "with the state and the number of members of each")
    .action(async (options: { readonly state?: boolean }, self: Command) => {
      const session = shell.session(self)
      const groups: { readonly group: string }[] = []
      for await (const group of session.connect().groups.list({ signal: session.stop })) groups.push(group)
      if (options.state === true) await printStates(session, groups)
      else await session.print({ groups }, () => groups.map(({ group }) => group))
      if (groups.length === 0 && !session.json) session.notice(await noneText(session, NONE))
    })
  withExamples(command, { "strata group list": "One name a line", "strata group list --state": "With their states" })
}

async function printStates(session: Session, groups: readonly { readonly group: string }[]): Promise<void> {
  const { stop: signal, paint } = session
  const described: GroupDescription[] = []
  for (const { group } of groups) described.push(await session.connect().group(group).describe({ signal }))
  const states = described.map(({ group, state, members }) => ({ group, state, members: members.length }))
  await session.print({ groups: states }, () =>
    states.length === 0
      ? []
      : tableLines(
          [
            { header: "GROUP", cell: (row) => row.group },
            { header: "STATE", cell: (row) => row.state },
            { header: "MEMBERS", align: "right", cell: (row) => String(row.members) },
          ],
          states,
          paint,
        ),
  )
}
