import type { Command } from "commander"
import { type AclOptions, expandAcls } from "../../acl/expand.ts"
import { addConvenienceOptions, addPrincipalOptions, addResourceOptions, addWhatOptions } from "../../acl/options.ts"
import { aclLines } from "../../acl/table.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addAddAcls(parent: Command, shell: Shell): void {
  const command = parent
    .command("add")
    .description(
      "Allow or deny: each principal, each operation, each thing that is named. All of it or nothing; safe to repeat.",
    )
    .action(async (options: AclOptions, self: Command) => {
      const session = shell.session(self)
      const acls = await session.connect().acls.add(expandAcls(options), { signal: session.stop })
      await session.print({ acls }, () => aclLines(session, acls))
    })
  addPrincipalOptions(command)
  addWhatOptions(command)
  addConvenienceOptions(command)
  addResourceOptions(command, ["literal", "prefixed"])
  withExamples(command, {
    "strata acl add --allow-principal User:alice --operation Read --operation Describe --topic orders":
      "Alice may read one topic",
    "strata acl add --allow-principal User:shop --producer --topic shop. --resource-pattern-type prefixed":
      "Write to every topic whose name begins so",
    "strata acl add --allow-principal User:billing --consumer --topic orders --group billing": "Consume in a group",
    "strata acl add --deny-principal 'User:*' --operation Delete --topic orders": "Nobody deletes it but a super-user",
    "strata acl add --allow-principal User:admin --operation Alter --cluster": "Make keys and change these lists",
  })
}
