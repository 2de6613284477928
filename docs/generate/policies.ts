/** docs/front-doors.md with the policies in it for callers of whom no CDK app knows. */
import { readFileSync } from "node:fs"
import { CONSUMING_CALLS, producingCalls } from "../../infra/grants.ts"
import { withSection } from "./sections.ts"

const NAME = "front-doors.md"

export function frontDoorsMarkdown(): string {
  const written = readFileSync(new URL(`../${NAME}`, import.meta.url), "utf8")
  const policies = [
    `Who produces to \`orders\` (three lines for each topic):\n\n${policyFor(producingCalls(["orders"]))}`,
    `Who reads all topics and takes part in groups:\n\n${policyFor(CONSUMING_CALLS)}`,
  ]
  return withSection(written, NAME, "policies", policies.join("\n\n"))
}

function policyFor(calls: readonly string[]): string {
  const Resource = calls.map((call) => `arn:aws:execute-api:REGION:ACCOUNT:API/$default/${call}`)
  const Statement = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource }]
  return `\`\`\`json\n${JSON.stringify({ Version: "2012-10-17", Statement }, undefined, 2)}\n\`\`\``
}
