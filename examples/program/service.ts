/** Where the log is: a server that runs already, or one in this process. */
import { startServer } from "stratalog-server"

export interface Service extends AsyncDisposable {
  readonly url: string
  /** For people. */
  readonly place: string
}

export function runningService(url: string): Service {
  return { url, place: url, [Symbol.asyncDispose]: async () => {} }
}

/** `dataDir` is kept between runs, so that the next one goes on. */
export async function embeddedService(dataDir: string): Promise<Service> {
  const server = await startServer({ dataDir, port: 0 })
  return { url: server.url, place: `${server.url}, data in ${dataDir}/`, [Symbol.asyncDispose]: server.close }
}
