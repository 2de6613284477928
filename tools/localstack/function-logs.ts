/** What functions logged. LocalStack has it in a group of its own for each function, whatever the function's configuration says. */
import { type LocalAws, listAt, valueAt } from "./aws.ts"

export function localLogGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`
}

/** Its lines in their order; none where it never ran. */
export async function functionLog(aws: LocalAws, functionName: string): Promise<readonly string[]> {
  const logGroupName = localLogGroupOf(functionName)
  const groups = await aws.json("logs", "Logs_20140328.DescribeLogGroups", { logGroupNamePrefix: logGroupName })
  if (!listAt(groups, "logGroups").some((group) => valueAt(group, "logGroupName") === logGroupName)) return []
  const lines: string[] = []
  let nextToken: string | undefined
  do {
    const input = { logGroupName, ...(nextToken !== undefined && { nextToken }) }
    const page = await aws.json("logs", "Logs_20140328.FilterLogEvents", input)
    for (const event of listAt(page, "events")) lines.push(String(valueAt(event, "message")).trimEnd())
    const next = valueAt(page, "nextToken")
    nextToken = typeof next === "string" ? next : undefined
  } while (nextToken !== undefined)
  return lines
}

/** What no function may say, whatever happens to it or to its storage. */
export function complaintsIn(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.includes('"event":"defect"') || line.includes('"kind":"corrupt"'))
}
