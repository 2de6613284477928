import type { Command } from "commander"
import type { AclFilter } from "../../../client/acls.ts"
import { type AclFilterOptions, expandFilters } from "../../acl/expand.ts"
import { findAcls } from "../../acl/find.ts"
import { addResourceOptions, addWhatOptions } from "../../acl/options.ts"
import { aclLines } from "../../acl/table.ts"
import { words } from "../../parse/pairs.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addListAcls(parent: Command, shell: Shell): void {
  const command = parent
    .command("list")
    .description("The access control lists: all, or those that have to do with what is named.")
    .option("--principal <principal>", "only those for this principal; may be repeated", words)
    .action(async (options: AclFilterOptions, self: Command) => {
      const session = shell.session(self)
      const filters = expandFilters(options)
      const acls = await findAcls(session, filters)
      await session.print({ acls }, () => aclLines(session, acls))
      if (acls.length === 0) session.notice(noneText(filters))
    })
  addWhatOptions(command)
  addResourceOptions(command, ["any", "match", "literal", "prefixed"])
  withExamples(command, {
    "strata acl list": "All",
    "strata acl list --principal User:alice": "What is said of Alice",
    "strata acl list --topic orders --resource-pattern-type match":
      "All that concern a topic, those by prefix and * too",
  })
}

function noneText(filters: readonly AclFilter[]): string {
  const all = filters.every((filter) => Object.values(filter).every((value) => value === undefined))
  return all ? "There are none: what nobody is allowed, only super-users may do." : "None match."
}
