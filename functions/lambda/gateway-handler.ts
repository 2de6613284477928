/** Answers the events of a front door (function URL, HTTP API, REST API) with the API. */
import { createApi, type EndpointsOf } from "../http/api.ts"
import { createApp } from "../http/app.ts"
import type { ServiceDependencies } from "../http/dependencies.ts"
import type { Page } from "../http/page.ts"
import { answerOf } from "./event-answer.ts"
import { requestOf } from "./event-request.ts"
import type { GatewayAnswer, GatewayEvent, InvocationContext } from "./events.ts"
import { reportDefect } from "./report.ts"

export interface GatewayOptions<Deps> {
  /** What is behind this front door, or behind this part of one. */
  readonly endpointsOf: EndpointsOf<Deps>
  readonly pages: readonly Page[]
  readonly corsOrigins: readonly string[]
}

export type GatewayHandler = (event: GatewayEvent, context: InvocationContext) => Promise<GatewayAnswer>

/** Readers stop waiting so long before the function's time is over, milliseconds. */
const TIME_TO_ANSWER = 2_000

export function gatewayHandler<Deps extends ServiceDependencies>(
  deps: Deps,
  { endpointsOf, pages, corsOrigins }: GatewayOptions<Deps>,
): GatewayHandler {
  // An environment answers one request at a time, so the invocation's id can stand beside the app.
  let invocation = "none"
  const api = createApi(deps, endpointsOf, { defect: reportDefect })
  const app = createApp(api, { requestId: () => invocation, corsOrigins, pages })
  return async (event, context) => {
    invocation = context.awsRequestId
    const time = new AbortController()
    const timer = setTimeout(() => time.abort(), Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_ANSWER))
    try {
      return await answerOf(await app.fetch(requestOf(event, time.signal)))
    } finally {
      clearTimeout(timer)
    }
  }
}
