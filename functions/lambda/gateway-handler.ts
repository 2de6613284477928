/** Answers the events of a front door (function URL, HTTP API, REST API) with the API. */
import { createApi, type EndpointsOf } from "../http/api.ts"
import { createApp } from "../http/app.ts"
import type { ServiceDependencies } from "../http/dependencies.ts"
import type { Page } from "../http/page.ts"
import { answerOf } from "./event-answer.ts"
import { requestOf } from "./event-request.ts"
import type { GatewayAnswer, GatewayEvent, InvocationContext } from "./events.ts"
import { exchangeObserver } from "./report.ts"

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
}

export type GatewayHandler = (event: GatewayEvent, context: InvocationContext) => Promise<GatewayAnswer>

/** Readers stop waiting so long before the function's time is over, milliseconds. */
const TIME_TO_ANSWER = 2_000

export function gatewayHandler<Deps extends ServiceDependencies>(
  deps: Deps,
  { endpointsOf, pages, corsOrigins, basePath }: GatewayOptions<Deps>,
): GatewayHandler {
  // An environment answers one request at a time, so the invocation's id can stand beside the app.
  let invocation = "none"
  const api = createApi(deps, endpointsOf, exchangeObserver)
  const app = createApp(api, { requestId: () => invocation, corsOrigins, pages })
  return async (event, context) => {
    invocation = context.awsRequestId
    const time = new AbortController()
    const timer = setTimeout(() => time.abort(), Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_ANSWER))
    try {
      return await answerOf(await app.fetch(requestOf(event, time.signal, basePath)))
    } finally {
      clearTimeout(timer)
    }
  }
}
