/** The HTTP API over one of the storages, in this process: what the fixtures are written and read through. */
import { BATCH_TYPE } from "stratalog/protocol"
import { createApi } from "../../functions/http/api.ts"
import { createApp } from "../../functions/http/app.ts"
import type { ApiDependencies } from "../../functions/http/dependencies.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"

export interface Call {
  readonly json?: unknown
  /** Record batches. */
  readonly batches?: Uint8Array
  readonly accept?: string
}

export interface Caller {
  /** `path` with its query, from `/v1` on. */
  send(method: string, path: string, call?: Call): Promise<Response>
}

export interface Service extends Caller {
  /** Rounds of upkeep until nothing is left to do, with a sweep at the end. */
  upkeep(): Promise<void>
  close(): Promise<void>
}

/** What upkeep does at once: everything, however young it is. */
export const EAGER_UPKEEP = { minTierAgeMs: 0, maxTierAgeMs: 0, graceMs: 0, minDirtyRatio: 0 }

export function sender(deps: ApiDependencies): Caller["send"] {
  const api = createApi(deps, allEndpoints, {
    defect: (_route, _requestId, error) => {
      throw error
    },
  })
  const app = createApp(api, { requestId: () => "request" })
  return async (method, path, { json, batches, accept } = {}) => {
    const type = json !== undefined ? "application/json" : batches !== undefined ? BATCH_TYPE : undefined
    const headers = { ...(type && { "content-type": type }), ...(accept && { accept }) }
    const body = json !== undefined ? JSON.stringify(json) : batches === undefined ? null : new Uint8Array(batches)
    return app.fetch(new Request(`http://localhost${path}`, { method, headers, body }))
  }
}

/** The answer's body. Throws where the call did not succeed. */
export async function call<T>(service: Caller, method: string, path: string, request?: Call): Promise<T> {
  const response = await service.send(method, path, request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === "" ? ({} as T) : JSON.parse(text)
}
