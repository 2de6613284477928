/** The rules by Prometheus' own tool: that it takes them, and that each alert is on when it should, and only then. */
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest"
import { firstOf, skipOutsideCi } from "../e2e/runtimes-on-this-machine.ts"
import { type RuleCase, ruleCases } from "./rule-cases.ts"
import { alerts, rulesFile } from "./rules-file.ts"

const run = promisify(execFile)
const LIMIT_MS = 120_000
const rules = fileURLToPath(rulesFile)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stratalog-rules-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function promtool(context: TestContext, ...args: readonly string[]): Promise<string> {
  const command = await firstOf(["promtool"])
  if (command === undefined) {
    skipOutsideCi(context, "no promtool; to have it: apt-get install prometheus")
    return ""
  }
  // What it finds is on either.
  return run(command, args).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  )
}

it("takes the rules, and an example of how they are loaded", { timeout: LIMIT_MS }, async (context) => {
  expect(await promtool(context, "check", "rules", rules)).toContain("SUCCESS")
  const config = fileURLToPath(new URL("prometheus.yml", rulesFile))
  expect(await promtool(context, "check", "config", "--syntax-only", config)).toContain("SUCCESS")
})

it("puts each alert on when it should be, and no other", { timeout: LIMIT_MS }, async (context) => {
  const file = join(folder, "tests.json")
  await writeFile(
    file,
    JSON.stringify({ rule_files: [rules], evaluation_interval: "1m", tests: ruleCases.map(testOf) }),
  )
  expect(await promtool(context, "test", "rules", file)).toMatch(/Unit Testing:.*\n\s*SUCCESS/)
})

it("finds a case that expects something else", { timeout: LIMIT_MS }, async (context) => {
  const file = join(folder, "wrong.json")
  const wrong = ruleCases.map((each) => testOf({ ...each, firing: each.firing.length === 0 ? ["Lag"] : [] }))
  await writeFile(file, JSON.stringify({ rule_files: [rules], evaluation_interval: "1m", tests: wrong }))
  const said = await promtool(context, "test", "rules", file)
  expect(said.match(/exp:/g)).toHaveLength(ruleCases.length)
})

it("sees each alert on at least once", () => {
  const seen = new Set(ruleCases.flatMap(({ firing }) => firing))
  expect([...seen].sort()).toEqual(alerts.map(({ alert }) => alert).sort())
})

/** JSON is YAML. */
function testOf({ name, series, at, firing }: RuleCase): object {
  return {
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([metric, values]) => ({ series: metric, values })),
    promql_expr_test: [
      {
        expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: `${at}m`,
        exp_samples: firing.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 })),
      },
    ],
  }
}
