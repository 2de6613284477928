/** What helps to find out why a run failed. */
import { readFileSync } from "node:fs"
import type { LocalAws } from "../../tools/localstack/aws.ts"
import { functionLog } from "../../tools/localstack/function-logs.ts"
import { deployedFunctions } from "../../tools/localstack/functions.ts"

const LINES = 40

export async function showLogs(aws: LocalAws): Promise<void> {
  const home = process.env["STRATALOG_LOCALSTACK_HOME"] || ".localstack"
  show("LocalStack", linesOf(`${home}/localstack.log`))
  for (const { name } of await deployedFunctions(aws).catch(() => [])) {
    show(name, await functionLog(aws, name).catch(() => []))
  }
}

function show(what: string, lines: readonly string[]): void {
  console.log(`-- the last lines of ${what}`)
  console.log(lines.slice(-LINES).join("\n"))
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n")
  } catch {
    // In Docker it is the container's.
    return []
  }
}
