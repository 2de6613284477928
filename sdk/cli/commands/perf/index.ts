import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { addConsume } from "./consume.ts"
import { addProduce } from "./produce.ts"

export function addPerf(program: Command, shell: Shell): void {
  const perf = program.command("perf").description("Measure how fast records are appended and read.")
  addProduce(perf, shell)
  addConsume(perf, shell)
}
