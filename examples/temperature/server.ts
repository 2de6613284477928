/** Where the log is: a server that runs already, or one in this process. */
import { startServer } from "stratalog-server"

/** Kept between runs, so that the next one goes on. */
const DATA_DIR = ".stratalog-example"

export interface Service extends AsyncDisposable {
  readonly url: string
  /** For people. */
  readonly place: string
}

export function runningService(url: string): Service {
  return { url, place: url, [Symbol.asyncDispose]: async () => {} }
}

export async function embeddedService(): Promise<Service> {
  const server = await startServer({ dataDir: DATA_DIR, port: 0 })
  return { url: server.url, place: `${server.url}, data in ${DATA_DIR}/`, [Symbol.asyncDispose]: server.close }
}
