/** The Lambda environments of a LocalStack in host mode, where each is a process of this machine. Linux tells them by /proc. */
import { readdirSync, readFileSync } from "node:fs"

export interface FunctionProcess {
  readonly pid: number
  readonly functionName: string
}

/** Those that live now. None where functions run elsewhere, as in Docker. */
export function functionProcesses(endpoint: string): readonly FunctionProcess[] {
  return processIds().flatMap((pid) => {
    const { AWS_LAMBDA_FUNCTION_NAME, LOCALSTACK_RUNTIME_ENDPOINT } = environmentOf(pid)
    const isOne = AWS_LAMBDA_FUNCTION_NAME !== undefined && LOCALSTACK_RUNTIME_ENDPOINT === endpoint
    return isOne ? [{ pid, functionName: AWS_LAMBDA_FUNCTION_NAME }] : []
  })
}

/** Sends a signal; whether the process was still there. */
export function signal({ pid }: FunctionProcess, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

function processIds(): readonly number[] {
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // No such thing on this system.
    return []
  }
}

function environmentOf(pid: number): Readonly<Record<string, string | undefined>> {
  try {
    const lines = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    )
  } catch {
    // It ended, or is somebody else's.
    return {}
  }
}
