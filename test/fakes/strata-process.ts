/** The strata command as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"

export interface StrataProcess {
  readonly child: ChildProcessWithoutNullStreams
  stdout(): string
  stderr(): string
  /** Resolves once stdout contains the text; rejects where the process ends before. */
  says(text: string): Promise<void>
  readonly exited: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

/** `env`: beside that of this process. */
export function startStrata(
  args: readonly string[],
  {
    env = {},
    input,
  }: { readonly env?: Readonly<Record<string, string | undefined>>; readonly input?: string | undefined } = {},
): StrataProcess {
  const child = spawn(process.execPath, ["--conditions=source", "sdk/cli/main.ts", ...args], {
    cwd: new URL("../..", import.meta.url),
    env: { ...process.env, ...env, NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
  })
  child.stdin.end(input)
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = once(child, "close").then(([code]: (number | null)[]) => ({ code: code ?? null, stdout, stderr }))
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (stdout.includes(text)) resolve()
      }
      look()
      child.stdout.on("data", look)
      void exited.then(() => reject(new Error(`the process ended without saying ${text}: ${stdout}${stderr}`)))
    })
  return { child, exited, says, stdout: () => stdout, stderr: () => stderr }
}
