/** `npm run conformance -- --url http://127.0.0.1:8080`: the conformance suite against a server that runs. */
import { parseArgs } from "node:util"
import type { ConformanceCase } from "./case.ts"
import { cases } from "./cases/index.ts"
import type { Target } from "./context.ts"
import { openTarget, runCase } from "./run.ts"

const USAGE =
  "usage: npm run conformance -- --url <base URL> [--only <part of a case's name>] [--parallel <cases at once>]\n" +
  "         [--gateway: API Gateway, a function URL or the like stands in front] [--host <Host header>]\n" +
  "         [--api-key <a key that may do everything>, or STRATALOG_API_KEY]"

interface Failure {
  readonly name: string
  readonly reason: string
}

/** One case makes a group as large as it may be. */
const CASE_LIMIT_MS = 480_000

async function runOne(target: Target, conformance: ConformanceCase, number: number): Promise<Failure | undefined> {
  const started = performance.now()
  try {
    await withinLimit(runCase(target, conformance, number))
    console.log(`ok    ${conformance.name} (${Math.round(performance.now() - started)} ms)`)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.log(`FAIL  ${conformance.name}\n      ${reason.replaceAll("\n", "\n      ")}`)
    return { name: conformance.name, reason }
  }
}

function applies(target: Target, { name, unless }: ConformanceCase): boolean {
  const reason = unless?.(target)
  if (reason !== undefined) console.log(`none  ${name} (${reason})`)
  return reason === undefined
}

async function withinLimit(running: Promise<void>): Promise<void> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(() => limit.reject(new Error(`not done after ${CASE_LIMIT_MS / 1000} s`)), CASE_LIMIT_MS)
  try {
    await Promise.race([running, limit.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      only: { type: "string", default: "" },
      parallel: { type: "string", default: "4" },
      gateway: { type: "boolean", default: false },
      host: { type: "string" },
      "api-key": { type: "string", default: process.env["STRATALOG_API_KEY"] },
    },
  })
  if (values.url === undefined) {
    console.error(USAGE)
    return 2
  }
  const target = await openTarget(values.url, { ...values, apiKey: values["api-key"] || undefined })
  const wanted = cases.map((each, number) => ({ each, number })).filter(({ each }) => each.name.includes(values.only))
  // The longest is the last one: the others run beside it.
  const queue = wanted.filter(({ each }) => applies(target, each)).toReversed()
  const total = queue.length
  const failures: Failure[] = []
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const failure = await runOne(target, next.each, next.number)
      if (failure !== undefined) failures.push(failure)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Number(values.parallel)) }, worker))
  target.client.close()
  console.log(`\n${total - failures.length} of ${total} cases passed against ${values.url}`)
  for (const { name } of failures) console.log(`  failed: ${name}`)
  return failures.length === 0 && total > 0 ? 0 : 1
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? `The suite could not start: ${error.message}` : error)
  return 2
})
