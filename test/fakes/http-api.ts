/** The HTTP API in this process: SQLite in a temporary folder, the log in memory, the real endpoints and the real app. */
import { limits, type Problem } from "stratalog/protocol"
import { nativeCodecs } from "../../functions/codecs/native-codecs.ts"
import type { Gate } from "../../functions/http/access/gate.ts"
import { type Api, createApi, type ExchangeObserver } from "../../functions/http/api.ts"
import { type AppOptions, createApp } from "../../functions/http/app.ts"
import type { ApiDependencies } from "../../functions/http/dependencies.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import { openTemporaryStorage, type TemporaryStorage } from "./temporary-storage.ts"

export interface HttpApi {
  readonly api: Api
  readonly deps: ApiDependencies
  readonly storage: TemporaryStorage
  readonly defects: readonly unknown[]
  /** `path` with its query, from `/` on. */
  send(method: string, path: string, init?: RequestInit & { readonly json?: unknown }): Promise<Response>
  /** The problem that the same is refused with. */
  refused(method: string, path: string, init?: RequestInit & { readonly json?: unknown }): Promise<Problem>
  dispose(): void
}

export function openHttpApi(
  changes: Partial<ApiDependencies> = {},
  options: Partial<AppOptions> = {},
  observer: Partial<ExchangeObserver> = {},
  gate?: Gate,
): HttpApi {
  const storage = openTemporaryStorage()
  const { log, topics, groups, producers, upkeepRecords, clock } = storage
  const deps: ApiDependencies = {
    log,
    topics,
    groups,
    producers,
    upkeepRecords,
    clock,
    sessionClock: clock,
    limits,
    codecs: nativeCodecs(),
    topicIds: storage.ids,
    version: "1.2.3",
    pickPartition: () => 0,
    health: () => ({ kind: "ok" }),
    ...changes,
  }
  const defects: unknown[] = []
  const watched = { defect: (_route: string, _id: string, error: unknown) => defects.push(error), ...observer }
  const api = createApi(deps, allEndpoints, watched, gate)
  const app = createApp(api, { requestId: () => "request-1", ...options })
  const send: HttpApi["send"] = async (method, path, { json, ...init } = {}) => {
    const headers = { ...(json !== undefined && { "content-type": "application/json" }), ...init.headers }
    const body = json === undefined ? init.body : JSON.stringify(json)
    return app.fetch(new Request(`http://localhost${path}`, { ...init, method, headers, ...(body && { body }) }))
  }
  return {
    api,
    storage,
    deps,
    defects,
    send,
    refused: async (method, path, init) => (await (await send(method, path, init)).json()) as Problem,
    dispose: storage.dispose,
  }
}
