import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { addCreateKey } from "./create.ts"
import { addListKeys } from "./list.ts"
import { addRevokeKey } from "./revoke.ts"

export function addKey(program: Command, shell: Shell): void {
  const key = program
    .command("key")
    .description("API keys, by which a server knows who asks. `strata acl` says what they may do.")
  addCreateKey(key, shell)
  addListKeys(key, shell)
  addRevokeKey(key, shell)
}
