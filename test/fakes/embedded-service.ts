/** The whole service in this process, without a socket: the embedded log in a temporary folder behind its HTTP app. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type EmbeddedOptions, openEmbedded } from "stratalog-server"
import { createApi } from "../../functions/http/api.ts"
import { createApp } from "../../functions/http/app.ts"
import type { ApiDependencies } from "../../functions/http/dependencies.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import type { ServiceFetch } from "./faulty-fetch.ts"

export interface EmbeddedService {
  readonly fetch: ServiceFetch
  readonly deps: ApiDependencies
  /** A whole round of retention, tiering and compaction. */
  keepUp(): Promise<void>
  close(): Promise<void>
}

export async function openEmbeddedService(options: Omit<EmbeddedOptions, "dataDir"> = {}): Promise<EmbeddedService> {
  const dataDir = await mkdtemp(join(tmpdir(), "stratalog-client-"))
  const embedded = await openEmbedded({ ...options, dataDir })
  const defects: unknown[] = []
  const api = createApi(embedded.deps, allEndpoints, { defect: (_route, _requestId, error) => defects.push(error) })
  let requests = 0
  const app = createApp(api, { requestId: () => `r${requests++}` })
  return {
    fetch: (request) => app.fetch(request),
    deps: embedded.deps,
    keepUp: async () => {
      await embedded.upkeep({ until: Number.POSITIVE_INFINITY, sweep: false })
    },
    close: async () => {
      api.stopWaiting()
      await embedded.close()
      await rm(dataDir, { recursive: true, force: true })
      if (defects.length > 0) throw new AggregateError(defects, "the service made mistakes")
    },
  }
}
