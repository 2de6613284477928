/** Starts an example: reads the command line, finds or starts a server, stops on Ctrl-C, and tells errors in a sentence. */
import { Stratalog, StratalogError } from "stratalog"
import type { ParsedSettings } from "./command-line.ts"
import { embeddedService, runningService, type Service } from "./service.ts"

const DEFAULT_URL = "http://127.0.0.1:8080"

export interface Example<S> {
  /** As in `npm run example:<name>`. */
  readonly name: string
  readonly help: string
  readonly parse: (args: readonly string[]) => ParsedSettings<S>
  /** True: a run with these settings may have a server to itself. False: it shares one that runs already. */
  readonly alone: (settings: S) => boolean
  readonly run: (run: Run<S>) => Promise<void>
}

/** What a run works with. */
export interface Run<S> {
  readonly settings: S
  readonly log: Stratalog
  readonly service: Service
  /** Aborted by Ctrl-C; a program that is done may abort it, too. */
  readonly stop: AbortController
}

export async function start<S>(example: Example<S>): Promise<void> {
  const parsed = example.parse(process.argv.slice(2))
  if (parsed.kind === "help") process.stdout.write(example.help)
  else if (parsed.kind === "refused") fail(parsed.detail, 2)
  else await run(example, parsed.settings).catch((error: unknown) => fail(sentenceOf(error), 1))
}

async function run<S>(example: Example<S>, settings: S): Promise<void> {
  const stop = new AbortController()
  // Once: the second Ctrl-C does not wait for the commit.
  process.once("SIGINT", () => stop.abort())
  process.once("SIGTERM", () => stop.abort())
  await using service = await serviceFor(example, settings)
  await example.run({ settings, log: new Stratalog({ url: service.url, apiKey: givenKey() }), service, stop })
}

async function serviceFor<S>({ name, alone }: Example<S>, settings: S): Promise<Service> {
  const url = givenUrl()
  if (url !== undefined) return runningService(url)
  return alone(settings) ? await embeddedService(`.stratalog-example/${name}`) : runningService(DEFAULT_URL)
}

function givenUrl(): string | undefined {
  return process.env["STRATALOG_URL"] || undefined
}

/** Where the server that runs already asks for one. */
function givenKey(): string | undefined {
  return process.env["STRATALOG_API_KEY"] || undefined
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof StratalogError)) return error instanceof Error ? error.message : String(error)
  if (error.code !== "connection_failed") return `${error.detail} (${error.code})`
  return `No server answers at ${givenUrl() ?? DEFAULT_URL}: start one with npm start, or set STRATALOG_URL.`
}

function fail(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
