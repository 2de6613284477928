/** Answers the events of a front door (function URL, HTTP API, REST API) with the API. */
import { createApi, type EndpointsOf } from "../http/api.ts"
import { createApp } from "../http/app.ts"
import type { ServiceDependencies } from "../http/dependencies.ts"
import type { ApiRequest } from "../http/exchange.ts"
import type { Page } from "../http/page.ts"
import { answerOf } from "./event-answer.ts"
import { requestOf } from "./event-request.ts"
import type { GatewayAnswer, GatewayEvent, InvocationContext } from "./events.ts"
import { type Eyes, plainEyes } from "./eyes.ts"
import type { GateOf } from "./gates.ts"
import { signerOf } from "./signer.ts"

/** What the functions have to know of it. */
export interface FrontDoor {
  /** Origins whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[]
  /** What stands before the paths of the API, such as `log`, where a domain leads to more than this. */
  readonly basePath?: string | undefined
}

export interface GatewayOptions<Deps> extends FrontDoor {
  /** What is behind this front door, or behind this part of one. */
  readonly endpointsOf: EndpointsOf<Deps>
  readonly pages: readonly Page[]
  /** Who is let in. */
  readonly gateOf: GateOf
  /** Absent: lines of the log alone. */
  readonly eyes?: Eyes
}

export type GatewayHandler = (event: GatewayEvent, context: InvocationContext) => Promise<GatewayAnswer>

/** Readers stop waiting so long before the function's time is over, milliseconds. */
const TIME_TO_ANSWER = 2_000

export function gatewayHandler<Deps extends ServiceDependencies>(
  deps: Deps,
  { endpointsOf, pages, gateOf, eyes = plainEyes, corsOrigins, basePath }: GatewayOptions<Deps>,
): GatewayHandler {
  // An environment answers one request at a time, so the invocation's id can stand beside the app.
  let invocation = "none"
  // Who signed stands beside a request, too, and not in its headers, which callers write. The signal is no other request's.
  const signers = new WeakMap<AbortSignal, string>()
  const gate = gateOf((request: ApiRequest) => signers.get(request.signal()))
  const api = createApi(deps, endpointsOf, eyes.exchanges, gate)
  const app = createApp(api, { requestId: () => invocation, corsOrigins, pages })
  return async (event, context) => {
    invocation = context.awsRequestId
    const time = new AbortController()
    const timer = setTimeout(() => time.abort(), Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_ANSWER))
    try {
      const request = requestOf(event, time.signal, basePath)
      const signer = signerOf(event)
      if (signer !== undefined) signers.set(request.signal, signer)
      return await answerOf(await app.fetch(request))
    } finally {
      clearTimeout(timer)
      eyes.answered()
    }
  }
}
