/**
 * `stratalog-server/testing`: a real server for the tests of an application, ready within milliseconds.
 *
 * It is the embedded log with all that it promises but one thing: nothing is synced to the disk, so that tests are fast.
 * What a process crash leaves is whole; a power loss is not survived.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type LogEvent, logLine } from "../http/logs/log-line.ts"
import { unsyncedFiles } from "../storage/embedded/files/index.ts"
import { type ServerOptions, startServer } from "./serve-embedded.ts"

export interface TestServerOptions extends Omit<ServerOptions, "dataDir" | "files"> {
  /** Keeps the log here, also after `close`, so that a test can start again over it. Default: a folder that `close` removes. */
  readonly dataDir?: string
}

export interface TestServer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  /** With `auth: "required"`: a key that may do everything. */
  readonly superKey?: string
  /** Lets running requests finish, stops, and removes what was stored unless `dataDir` was given. */
  close(): Promise<void>
}

/** On a free port of this machine unless the options say another. Several may run beside each other. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "stratalog-test-")))
  const server = await startServer({ port: 0, report: reportErrors, ...options, dataDir, files: unsyncedFiles })
  const close = async () => {
    await server.close()
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
  const superKey = options.superKey ?? server.firstKey
  return { url: server.url, ...(superKey !== undefined && { superKey }), close, [Symbol.asyncDispose]: close }
}

/** A test's output has no room for what is no error. */
function reportErrors(event: LogEvent): void {
  if (event.level === "error") process.stderr.write(logLine(event, Date.now()))
}
