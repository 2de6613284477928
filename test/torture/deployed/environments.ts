/** Kills and pauses the environments of a deployment's functions. */
import { setTimeout as sleep } from "node:timers/promises"
import { type FunctionProcess, functionProcesses, signal } from "../../../tools/localstack/function-processes.ts"
import type { Recorder } from "../recorder.ts"
import type { FunctionFault } from "./plan.ts"

export interface Environments {
  /** Resolves when a pause is over. */
  strike(fault: FunctionFault): Promise<void>
}

export function environmentsOf(endpoint: string, names: readonly string[], recorder: Recorder): Environments {
  const alive = () => functionProcesses(endpoint).filter(({ functionName }) => names.includes(functionName))

  return {
    async strike({ kind, which, milliseconds }) {
      const found = alive()
      const one = found[Math.floor(which * found.length)]
      if (one === undefined) return
      if (kind === "pause") return pause(one, milliseconds)
      for (const each of kind === "kill" ? [one] : found) signal(each, "SIGKILL")
      recorder.fault(kind)
    },
  }

  async function pause(one: FunctionProcess, milliseconds: number): Promise<void> {
    if (!signal(one, "SIGSTOP")) return
    recorder.fault("pause")
    await sleep(milliseconds)
    signal(one, "SIGCONT")
  }
}
