/**
 * The quick path: records of one partition go straight from Node's request to their endpoint, past the router and past the
 * web's Request and Response, which cost more than the rest of a small append. What it does not know goes to the app; both lead to
 * the same endpoints, so there is one behaviour.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { routes } from "stratalog/protocol"
import type { Api } from "../http/api.ts"
import { requestIdOf } from "../http/app.ts"
import { decodeBody } from "../http/content-encoding.ts"
import type { Endpoint } from "../http/endpoint.ts"
import type { ApiRequest } from "../http/exchange.ts"
import type { BodyBudget } from "./bounds/body-budget.ts"
import { collectBody } from "./collect-body.ts"
import { sendAnswer } from "./send-answer.ts"

/** Paths with escapes or anything else unusual are the app's. */
const RECORDS = /^\/v1\/topics\/([A-Za-z0-9._-]+)\/partitions\/(\d{1,6})\/records(?:\?(.*))?$/

/** Takes the request if it is one of the quick routes. */
export type QuickRoutes = (request: IncomingMessage, response: ServerResponse) => boolean

export function quickRoutes(api: Api, requestId: () => string, budget: BodyBudget): QuickRoutes {
  const byMethod = new Map<string, Endpoint>()
  for (const endpoint of api.endpoints) {
    if (endpoint.route === routes.produceToPartition) byMethod.set("POST", endpoint)
    if (endpoint.route === routes.fetchRecords) byMethod.set("GET", endpoint)
  }
  return (request, response) => {
    const endpoint = byMethod.get(request.method ?? "")
    if (endpoint === undefined || request.headers.origin !== undefined) return false
    const match = RECORDS.exec(request.url ?? "")
    if (match === null) return false
    const [, topic = "", partition = "", search = ""] = match
    const id = requestIdOf(header(request, "x-request-id"), { requestId })
    const exchange = nodeRequest(api, budget, request, response, { topic, partition }, search, id)
    void api.run(endpoint, exchange).then((answer) => sendAnswer(request, response, answer, id))
    return true
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(", ") : value
}

function nodeRequest(
  api: Api,
  budget: BodyBudget,
  request: IncomingMessage,
  response: ServerResponse,
  params: ApiRequest["params"],
  search: string,
  requestId: string,
): ApiRequest {
  return {
    params,
    search,
    requestId,
    header: (name) => header(request, name),
    body: async () => {
      const { maxRequestBytes } = api.deps.limits
      const bytes = await collectBody(request, response, maxRequestBytes, budget)
      const encoding = header(request, "content-encoding")
      return encoding === undefined ? bytes : decodeBody(encoding, bytes, api.deps.codecs, maxRequestBytes)
    },
    signal: () => {
      const gone = new AbortController()
      response.once("close", () => gone.abort())
      return gone.signal
    },
  }
}
