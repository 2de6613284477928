import type { Command } from "commander"
import { type AclFilterOptions, expandAcls, expandFilters, namesEach } from "../../acl/expand.ts"
import { findAcls } from "../../acl/find.ts"
import { addConvenienceOptions, addPrincipalOptions, addResourceOptions, addWhatOptions } from "../../acl/options.ts"
import { aclLines } from "../../acl/table.ts"
import { usageFailure } from "../../failure.ts"
import { confirm } from "../../parse/confirm.ts"
import { words } from "../../parse/pairs.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options extends AclFilterOptions {
  readonly yes?: boolean
}

export function addRemoveAcls(parent: Command, shell: Shell): void {
  const command = parent
    .command("remove")
    .description(
      "Take back what `strata acl add` with the same options said; or, with less said, all that has to do with what is named. Then it asks first.",
    )
    .option("--principal <principal>", "all that is said of this principal; may be repeated", words)
    .option("--yes", "do not ask")
    .action(async (options: Options, self: Command) => remove(shell.session(self), options))
  addPrincipalOptions(command)
  addWhatOptions(command)
  addConvenienceOptions(command)
  addResourceOptions(command, ["any", "match", "literal", "prefixed"])
  withExamples(command, {
    "strata acl remove --allow-principal User:alice --operation Read --topic orders": "This very one",
    "strata acl remove --allow-principal User:billing --consumer --topic orders --group billing": "As it was added",
    "strata acl remove --principal User:alice": "All that is said of Alice; asks first",
    "strata acl remove --topic orders --yes": "All that name a topic, in a script",
  })
}

async function remove(session: Session, options: Options): Promise<void> {
  const { acls } = session.connect()
  const which = namesEach(options) ? expandAcls(options) : await chosen(session, options)
  const removed = which.length === 0 ? [] : await acls.remove(which, { signal: session.stop })
  await session.print({ removed }, () => aclLines(session, removed))
  if (removed.length === 0) session.notice("Nothing was removed.")
}

/** What is found is removed, and nothing that comes meanwhile. */
async function chosen(session: Session, options: Options) {
  const { yes, producer, consumer, ...filter } = options
  if (producer === true || consumer === true) throw usageFailure("--producer and --consumer take --allow-principal.")
  if (Object.keys(filter).every((name) => name === "resourcePatternType")) {
    throw usageFailure("Say which: by principal, operation, topic, group or cluster.")
  }
  const found = await findAcls(session, expandFilters(filter))
  if (found.length === 0 || yes === true) return found
  for (const line of aclLines(session, found)) await session.notices.line(line)
  const many = found.length === 1 ? "this one" : `these ${found.length}`
  return (await confirm(session, `Remove ${many}?`, false)) ? found : []
}
