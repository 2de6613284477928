/** Programs that a run starts: what they print goes to its own output. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Counts } from "./steps.ts"

export interface Ended {
  readonly code: number | null
  readonly output: string
}

type Environment = Readonly<Record<string, string>>

/** `folder`: where it runs, if not here. */
export async function run(
  command: string,
  args: readonly string[],
  env: Environment = {},
  folder = ".",
): Promise<Ended> {
  const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"]
  const child = spawn(command, args, { stdio, cwd: folder, env: { ...process.env, ...env } })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk
    process.stdout.write(chunk)
  })
  await once(child, "close")
  return { code: child.exitCode, output }
}

/** Tests that are skipped for what the machine lacks count as failed in CI. */
export async function runVitest(args: readonly string[], env: Environment): Promise<Counts> {
  const report = join(tmpdir(), `stratalog-localstack-${process.pid}.json`)
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/localstack/vitest.config.ts", ...args]
  const { code } = await run(process.execPath, vitest, { ...env, STRATALOG_TEST_REPORT: report })
  try {
    const { numPassedTests: passed, numFailedTests, numTotalTests } = JSON.parse(readFileSync(report, "utf8"))
    const failed = process.env["CI"] === "true" ? numTotalTests - passed : numFailedTests
    return { passed, failed: failed + Number(code !== 0 && failed === 0) }
  } finally {
    rmSync(report, { force: true })
  }
}

export async function runConformance(url: string): Promise<Counts> {
  const args = ["--conditions=source", "test/conformance/main.ts", "--url", url, "--gateway"]
  const { output } = await run(process.execPath, args)
  const [, passed = "0", total = "1"] = /^(\d+) of (\d+) cases passed/m.exec(output) ?? []
  return { passed: Number(passed), failed: Number(total) - Number(passed) }
}
