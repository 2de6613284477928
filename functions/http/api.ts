/** The HTTP API: its endpoints, and what surrounds every one of them whatever carries the request. */
import { problem } from "stratalog/protocol"
import type { ServiceDependencies } from "./dependencies.ts"
import type { Endpoint } from "./endpoint.ts"
import { type ApiRequest, type ApiResponse, problemResponse, Refusal, refusalResponse } from "./exchange.ts"
import { thrownProblem } from "./problems.ts"
import { WaitingReaders } from "./records/patience.ts"

/** Sees each exchange when it ends: for metrics and logs. */
export interface ExchangeObserver {
  /** A defect: an exception that no table foresees. The caller gets `internal_error` with the request's id. */
  defect(routeId: string, requestId: string, error: unknown): void
  /** `seconds` from the headers of the request to the answer; a stream that the answer begins goes on behind it. */
  finished?(routeId: string, answer: ApiResponse, seconds: number): void
}

/** What `run` needs of an endpoint. */
export interface Handler {
  readonly route: Pick<Endpoint["route"], "id">
  handle(request: ApiRequest): ApiResponse | Promise<ApiResponse>
}

export interface Api {
  readonly endpoints: readonly Endpoint[]
  readonly deps: ServiceDependencies
  /** How many readers wait for records now. */
  readonly waitingReaders: () => number
  /** Answers all waiting readers with what there is, and lets none wait from now on: the server stops. */
  stopWaiting(): void
  /** Never rejects: every failure is an answer. */
  run(handler: Handler, request: ApiRequest): Promise<ApiResponse>
}

/** Those of one concern or of all. */
export type EndpointsOf<Deps> = (deps: Deps & { readonly waiting: WaitingReaders }) => readonly Endpoint[]

export function createApi<Deps extends ServiceDependencies>(
  deps: Deps,
  endpointsOf: EndpointsOf<Deps>,
  observer: ExchangeObserver,
): Api {
  const waiting = new WaitingReaders(deps.limits.maxWaitingReaders)
  return {
    deps,
    endpoints: endpointsOf({ ...deps, waiting }),
    waitingReaders: () => waiting.count,
    stopWaiting: () => waiting.stop(),
    run: (handler, request) => run(handler, request, observer),
  }
}

async function run(handler: Handler, request: ApiRequest, observer: ExchangeObserver): Promise<ApiResponse> {
  const begun = performance.now()
  let answer: ApiResponse
  try {
    answer = await handler.handle(request)
  } catch (error) {
    answer = failure(handler, request, error, observer)
  }
  observer.finished?.(handler.route.id, answer, (performance.now() - begun) / 1000)
  return answer
}

function failure(handler: Handler, { requestId }: ApiRequest, error: unknown, observer: ExchangeObserver): ApiResponse {
  if (error instanceof Refusal) return refusalResponse(error, requestId)
  const known = thrownProblem(error)
  if (known !== undefined) return problemResponse({ ...known, requestId })
  observer.defect(handler.route.id, requestId, error)
  const detail = `The server made a mistake; its log has more under request id ${requestId}.`
  return problemResponse(problem("internal_error", detail, { requestId }))
}
