import type { Command } from "commander"
import type { GroupDescription, GroupLag } from "../../../client/groups.ts"
import { usageFailure } from "../../failure.ts"
import { counted } from "../../format/counted.ts"
import { memberLines } from "../../format/group-tables.ts"
import { lagLines } from "../../format/lag-table.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"
import { totalText } from "./lag.ts"

interface Options {
  readonly all?: boolean
  readonly state?: boolean
  readonly members?: boolean
  readonly offsets?: boolean
}

type Described = GroupDescription & GroupLag

export function addDescribe(parent: Command, shell: Shell): void {
  const command = parent
    .command("describe")
    .description("Show a group: its state, its members and what they read, and how far behind it is in each partition.")
    .argument("[groups...]", "names of groups; in JSON several are one `groups`")
    .option("--all", "all groups")
    .option("--state", "only the state")
    .option("--members", "only the state and the members")
    .option("--offsets", "only the state and the offsets")
    .action(async (names: readonly string[], options: Options, self: Command) => {
      const session = shell.session(self)
      const groups = await Promise.all((await wantedNames(session, names, options)).map((name) => look(session, name)))
      await session.print(names.length === 1 ? groups[0] : { groups }, () =>
        groups.flatMap((group, index) => [...(index === 0 ? [] : [""]), ...groupLines(session, group, options)]),
      )
    })
  withExamples(command, {
    "strata group describe billing": "State, members, and lag with the member that reads each partition",
    "strata group describe billing --members": "Who reads what",
    "strata group describe --all --state": "All groups, a line each",
  })
}

async function wantedNames(session: Session, names: readonly string[], { all }: Options): Promise<readonly string[]> {
  if (names.length === 0 && all !== true) throw usageFailure("Name a group, or say --all.")
  if (names.length > 0 && all === true) throw usageFailure("Name groups, or say --all: not both.")
  if (all !== true) return names
  const found: string[] = []
  for await (const { group } of session.connect().groups.list({ signal: session.stop })) found.push(group)
  return found
}

async function look(session: Session, name: string): Promise<Described> {
  const group = session.connect().group(name)
  const { stop: signal } = session
  const [description, lag] = await Promise.all([group.describe({ signal }), group.lag({ signal })])
  return { ...description, ...lag }
}

function groupLines(session: Session, group: Described, { state, members, offsets }: Options): string[] {
  const { paint } = session
  const count = group.members.length
  const head = [
    paint("bold", group.group),
    group.state,
    `epoch ${group.epoch}`,
    counted(count, "member"),
    ...(group.assignor === null ? [] : [group.assignor]),
    totalText(session, group),
  ].join("  ")
  const everything = state !== true && members !== true && offsets !== true
  return [
    head,
    ...(members === true || (everything && count > 0) ? ["", ...memberLines(session, group)] : []),
    ...(offsets === true || everything ? ["", ...lagLines(session, group)] : []),
  ]
}
