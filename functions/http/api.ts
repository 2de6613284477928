/** The HTTP API: its endpoints, and what surrounds every one of them whatever carries the request. */
import { problem } from "stratalog/protocol"
import type { ApiDependencies } from "./dependencies.ts"
import type { Endpoint } from "./endpoint.ts"
import { endpointsOf } from "./endpoints.ts"
import { type ApiRequest, type ApiResponse, problemResponse, Refusal, refusalResponse } from "./exchange.ts"
import { WaitingReaders } from "./records/patience.ts"

/** Sees each exchange when it ends: for metrics and logs. */
export interface ExchangeObserver {
  /** A defect: an exception that no table foresees. The caller gets `internal_error` with the request's id. */
  defect(routeId: string, requestId: string, error: unknown): void
}

export interface Api {
  readonly endpoints: readonly Endpoint[]
  readonly deps: ApiDependencies
  /** How many readers wait for records now. */
  readonly waitingReaders: () => number
  /** Answers all waiting readers with what there is, and lets none wait from now on: the server stops. */
  stopWaiting(): void
  /** Never rejects: every failure is an answer. */
  run(endpoint: Endpoint, request: ApiRequest): Promise<ApiResponse>
}

export function createApi(deps: ApiDependencies, observer: ExchangeObserver): Api {
  const waiting = new WaitingReaders(deps.limits.maxWaitingReaders)
  return {
    deps,
    endpoints: endpointsOf({ ...deps, waiting }),
    waitingReaders: () => waiting.count,
    stopWaiting: () => waiting.stop(),
    run: (endpoint, request) => run(endpoint, request, observer),
  }
}

async function run(endpoint: Endpoint, request: ApiRequest, observer: ExchangeObserver): Promise<ApiResponse> {
  try {
    return await endpoint.handle(request)
  } catch (error) {
    if (error instanceof Refusal) return refusalResponse(error, request.requestId)
    observer.defect(endpoint.route.id, request.requestId, error)
    const detail = `The server made a mistake; its log has more under request id ${request.requestId}.`
    return problemResponse(problem("internal_error", detail, { requestId: request.requestId }))
  }
}
