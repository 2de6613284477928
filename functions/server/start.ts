/** `npm start`: serves the embedded log until it is told to stop. */
import { JournalOpenError } from "../storage/embedded/journal/index.ts"
import { greeting } from "./greeting.ts"
import { startServer } from "./serve-embedded.ts"
import { helpText, parseSettings, type Settings } from "./settings.ts"
import { onStopSignal } from "./stop-signals.ts"

const parsed = parseSettings(process.argv.slice(2), process.env)
if (parsed.kind === "help") {
  process.stdout.write(helpText())
} else if (parsed.kind === "refused") {
  fail(parsed.detail, 2)
} else {
  await run(parsed.settings)
}

async function run(settings: Settings): Promise<void> {
  const { host, port, "data-dir": dataDir, "cors-origins": corsOrigins } = settings
  try {
    const options = { host, port, dataDir, corsOrigins, journalFileBytes: settings["journal-file-bytes"] }
    const server = await startServer(options)
    process.stdout.write(greeting(server.url, dataDir))
    onStopSignal(() => void stop(server.close), process.env)
  } catch (error) {
    fail(explain(error, settings), 1)
  }
}

async function stop(close: () => Promise<void>): Promise<void> {
  process.stdout.write("Stopping: running requests may finish.\n")
  try {
    await close()
    process.exit(0)
  } catch (error) {
    fail(String(error), 1)
  }
}

function explain(error: unknown, { host, port }: Settings): string {
  if (error instanceof JournalOpenError) return error.message
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "EADDRINUSE") {
    return `Port ${port} of ${host} is in use: stop what listens there, or choose another: npm start -- --port 0`
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL") return `Cannot listen on ${host}:${port}: ${String(error)}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function fail(sentence: string, exitCode: number): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
