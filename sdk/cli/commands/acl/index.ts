import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { addAddAcls } from "./add.ts"
import { addListAcls } from "./list.ts"
import { addRemoveAcls } from "./remove.ts"

export function addAcl(program: Command, shell: Shell): void {
  const acl = program
    .command("acl")
    .description("Access control lists: who may do what to what. What nothing allows is denied, and deny beats allow.")
  addAddAcls(acl, shell)
  addListAcls(acl, shell)
  addRemoveAcls(acl, shell)
}
