import type { Command } from "commander"
import type { GroupLag } from "../../../client/groups.ts"
import { lagLines } from "../../format/lag-table.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addLag(parent: Command, shell: Shell): void {
  const command = parent
    .command("lag")
    .description("Show how many records each partition's committed offset is behind the end.")
    .argument("<group>", "name of the group")
    .action(async (name: string, _options: object, self: Command) => {
      const session = shell.session(self)
      const lag = await session.connect().group(name).lag({ signal: session.stop })
      await session.print(lag, () => [...lagLines(session, lag), "", totalText(session, lag)])
    })
  withExamples(command, {
    "strata group lag billing": "By partition",
    "strata group lag billing --json | jq .totalLag": "One number",
    "strata lag billing --watch": "Again and again, with how fast it reads",
  })
}

export function totalText({ show }: Session, { totalLag }: GroupLag): string {
  return `${show.count(totalLag)} ${totalLag === 1 ? "record" : "records"} behind`
}
