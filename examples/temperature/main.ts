/** `npm run example:temperature`: temperature sensors on the log. Start reading at produce.ts and watch.ts. */
import { StratalogError } from "stratalog"
import { runBoth, runConsumer, runProducer } from "./run.ts"
import { Screen } from "./screen.ts"
import { embeddedService, runningService, type Service } from "./server.ts"
import { HELP, parseSettings, type Settings } from "./settings.ts"

const DEFAULT_URL = "http://127.0.0.1:8080"
const apiKey = process.env["OPENWEATHER_API_KEY"]
const url = process.env["STRATALOG_URL"] || undefined
const roles = { both: runBoth, produce: runProducer, consume: runConsumer }

const stop = new AbortController()
// Once: the second Ctrl-C does not wait for the commit.
process.once("SIGINT", () => stop.abort())
process.once("SIGTERM", () => stop.abort())

const parsed = parseSettings(process.argv.slice(2))
if (parsed.kind === "help") process.stdout.write(HELP)
else if (parsed.kind === "refused") fail(parsed.detail, 2)
else await run(parsed.settings).catch((error: unknown) => fail(sentenceOf(error), 1))

async function run(settings: Settings): Promise<void> {
  await using service = await serviceFor(settings)
  await roles[settings.role]({ service, settings, apiKey, screen: new Screen(process.stdout), stop })
}

async function serviceFor({ role }: Settings): Promise<Service> {
  if (url !== undefined) return runningService(url)
  return role === "both" ? await embeddedService() : runningService(DEFAULT_URL)
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof StratalogError)) return error instanceof Error ? error.message : String(error)
  if (error.code !== "connection_failed") return `${error.detail} (${error.code})`
  return `No server answers at ${url ?? DEFAULT_URL}: start one with npm start, or set STRATALOG_URL.`
}

function fail(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
