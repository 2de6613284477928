/** The ways on which a request reaches the API: the server's own, quick path included, and each front door. */
import { createServer, request as sendRequest } from "node:http"
import { getRequestListener } from "@hono/node-server"
import type { Gate } from "../../../../functions/http/access/gate.ts"
import { createApp } from "../../../../functions/http/app.ts"
import { answerOf } from "../../../../functions/lambda/event-answer.ts"
import { requestOf } from "../../../../functions/lambda/event-request.ts"
import type { GatewayHandler } from "../../../../functions/lambda/gateway-handler.ts"
import { BodyBudget } from "../../../../functions/server/bounds/body-budget.ts"
import { answerBrokenRequest } from "../../../../functions/server/bounds/broken-requests.ts"
import { refuseHead } from "../../../../functions/server/bounds/request-heads.ts"
import { quickRoutes } from "../../../../functions/server/quick-routes.ts"
import { listenOnLoopback } from "../../../aws/loopback-server.ts"
import { type DoorKind, doorOf } from "../../../fakes/front-doors/doors.ts"
import { startGateway } from "../../../fakes/gateway.ts"
import { type HttpApi, openHttpApi } from "../../../fakes/http-api.ts"

export interface Answer {
  readonly status: number
  readonly text: string
}

export interface Carried {
  /** `target` as it is, from `/` on or absolute; `headers`: names and values in turn, so that one may come twice. */
  send(method: string, target: string, headers?: readonly string[], body?: string): Promise<Answer>
  close(): Promise<void>
}

const requestId = () => "request-1"
const HEADERS = { maxHeaders: 100 }

export const carriers: Readonly<Record<string, (gate: Gate) => Promise<Carried>>> = {
  "the server": async (gate) => {
    const http = openHttpApi({}, {}, {}, gate)
    const quick = quickRoutes(http.api, requestId, new BodyBudget(1))
    const { fetch } = createApp(http.api, { requestId })
    const listener = getRequestListener(fetch, { errorHandler: answerBrokenRequest })
    const server = createServer((request, response) => {
      if (refuseHead(request, response, HEADERS, () => "request-1") || quick(request, response)) return
      void listener(request, response)
    })
    const { endpoint, stop } = await listenOnLoopback(server)
    return carried(http, endpoint, stop)
  },
  "an HTTP API": (gate) => behind(gate, "http-api"),
  "a REST API": (gate) => behind(gate, "rest-api"),
  "a function URL": (gate) => behind(gate, "function-url"),
}

async function behind(gate: Gate, kind: DoorKind): Promise<Carried> {
  const http = openHttpApi({}, {}, {}, gate)
  const { fetch } = createApp(http.api, { requestId })
  const handler: GatewayHandler = async (event) => answerOf(await fetch(requestOf(event, new AbortController().signal)))
  const gateway = await startGateway(doorOf(kind, handler))
  return carried(http, gateway.url, gateway.close)
}

function carried(http: HttpApi, url: string, stop: () => Promise<void>): Carried {
  const { hostname, port, pathname } = new URL(url)
  const prefix = pathname.replace(/\/$/, "")
  return {
    send: (method, target, headers = [], body) =>
      new Promise((resolve, reject) => {
        const path = target.startsWith("/") ? `${prefix}${target}` : target
        const all = ["Host", `${hostname}:${port}`, "Content-Length", `${body?.length ?? 0}`, ...headers]
        const sent = sendRequest({ host: hostname, port, method, path, headers: all, agent: false })
        sent.on("error", reject)
        sent.on("response", async (response) => {
          const text = Buffer.concat(await response.toArray()).toString()
          resolve({ status: response.statusCode ?? 0, text })
        })
        sent.end(body)
      }),
    close: async () => {
      await stop()
      http.dispose()
    },
  }
}
