import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { addConsume } from "./consume.ts"
import { addProduce } from "./produce.ts"

export function addVerify(program: Command, shell: Shell): void {
  const verify = program
    .command("verify")
    .description(
      "Append and read while telling every step as a line of JSON, and check that nothing acknowledged is lost.",
    )
  addProduce(verify, shell)
  addConsume(verify, shell)
}
