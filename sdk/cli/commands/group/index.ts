import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { addCommit } from "./commit.ts"
import { addDelete } from "./delete.ts"
import { addDescribe } from "./describe.ts"
import { addLag } from "./lag.ts"
import { addList } from "./list.ts"
import { addOffsets } from "./offsets.ts"
import { addReset } from "./reset.ts"

export function addGroup(program: Command, shell: Shell): void {
  const group = program
    .command("group")
    .description("List, describe, reset and delete consumer groups; their members, offsets and lag.")
  addList(group, shell)
  addDescribe(group, shell)
  addOffsets(group, shell)
  addLag(group, shell)
  addCommit(group, shell)
  addReset(group, shell)
  addDelete(group, shell)
}
