/** The HTTP API: its endpoints, and what surrounds every one of them whatever carries the request. */
import { problem } from "stratalog/protocol"
import { anybody, type Caller } from "../access/caller.ts"
import { type Gate, openGate } from "./access/gate.ts"
import type { ServiceDependencies } from "./dependencies.ts"
import type { Endpoint } from "./endpoint.ts"
import { type ApiRequest, type ApiResponse, identified, problemResponse, Refusal, refusalResponse } from "./exchange.ts"
import { thrownProblem } from "./problems.ts"
import { WaitingReaders } from "./records/patience.ts"

/** By the names that a route lists in `audit`. */
export type Audited = Readonly<Record<string, unknown>>

/** One request and what became of it. */
export interface Exchange {
  readonly routeId: string
  readonly request: ApiRequest
  /** Absent where nobody was asked, or nobody that is known. */
  readonly caller: Caller | undefined
  /** What the route tells of such a request, once it was understood. */
  readonly audited: Audited | undefined
  readonly answer: ApiResponse
  /** From the headers of the request to the answer; a stream that the answer begins goes on behind it. */
  readonly seconds: number
}

/** Sees each exchange when it ends: for metrics and logs. */
export interface ExchangeObserver {
  /** A defect: an exception that no table foresees. The caller gets `internal_error` with the request's id. */
  defect(routeId: string, requestId: string, error: unknown): void
  finished?(exchange: Exchange): void
  /** Stands around all that is done for a request, so that what it sets going knows which it is for. */
  around?<T>(requestId: string, work: () => T): T
}

/** What `run` needs of an endpoint. */
export interface Handler {
  readonly route: Pick<Endpoint["route"], "id">
  /** Nobody is asked who they are. */
  readonly isOpen: boolean
  /** `audit` hears what is asked for as soon as it is understood, where the route tells it. */
  handle(request: ApiRequest, caller: Caller, audit: (what: Audited) => void): ApiResponse | Promise<ApiResponse>
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
export type EndpointsOf<Deps> = (
  deps: Deps & { readonly waiting: WaitingReaders; readonly gate: Gate },
) => readonly Endpoint[]

export function createApi<Deps extends ServiceDependencies>(
  deps: Deps,
  endpointsOf: EndpointsOf<Deps>,
  observer: ExchangeObserver,
  gate: Gate = openGate,
): Api {
  const { maxWaitingReaders: most, maxWaitingReadersPerCaller: mostOfOne } = deps.limits
  const waiting = new WaitingReaders({ most, mostOfOne })
  return {
    deps,
    endpoints: endpointsOf({ ...deps, waiting, gate }),
    waitingReaders: () => waiting.count,
    stopWaiting: () => waiting.stop(),
    run: (handler, request) => {
      if (observer.around === undefined) return run(handler, request, gate, observer)
      return observer.around(request.requestId, () => run(handler, request, gate, observer))
    },
  }
}

async function run(
  handler: Handler,
  request: ApiRequest,
  gate: Gate,
  observer: ExchangeObserver,
): Promise<ApiResponse> {
  const begun = performance.now()
  let caller: Caller | undefined
  let audited: Audited | undefined
  const audit = (what: Audited) => {
    audited = what
  }
  let answer: ApiResponse
  try {
    if (handler.isOpen) answer = await handler.handle(request, anybody, audit)
    else {
      caller = await gate(request)
      answer = await handler.handle(request, caller, audit)
    }
  } catch (error) {
    answer = failure(handler, request, error, observer)
  }
  answer = identified(answer, request.requestId)
  const seconds = (performance.now() - begun) / 1000
  observer.finished?.({ routeId: handler.route.id, request, caller, audited, answer, seconds })
  return answer
}

function failure(handler: Handler, { requestId }: ApiRequest, error: unknown, observer: ExchangeObserver): ApiResponse {
  if (error instanceof Refusal) return refusalResponse(error)
  const known = thrownProblem(error)
  if (known !== undefined) return problemResponse(known)
  observer.defect(handler.route.id, requestId, error)
  const detail = `The server made a mistake; its log has more under request id ${requestId}.`
  return problemResponse(problem("internal_error", detail))
}
