/** Kills and pauses the environments of a deployment's functions. */
import { setTimeout as sleep } from "node:timers/promises"
import { type FunctionProcess, functionProcesses } from "../../../tools/localstack/function-processes.ts"
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
      for (const { pid } of kind === "kill" ? [one] : found) send(pid, "SIGKILL")
      recorder.fault(kind)
    },
  }

  async function pause({ pid }: FunctionProcess, milliseconds: number): Promise<void> {
    if (!send(pid, "SIGSTOP")) return
    recorder.fault("pause")
    await sleep(milliseconds)
    send(pid, "SIGCONT")
  }
}

/** Whether it was still there. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
