/** The HTTP server of a process: listens, answers, and stops without cutting anybody off. */
import { createServer, type Server } from "node:http"
import { getRequestListener } from "@hono/node-server"
import { createApi, type ExchangeObserver } from "../http/api.ts"
import { createApp } from "../http/app.ts"
import { answerBrokenRequest, refuseBrokenRequests } from "./broken-requests.ts"
import { documentPages } from "./document-pages.ts"
import { serverMetrics } from "./metrics.ts"
import type { OpenStorage } from "./open-storage.ts"
import { quickRoutes } from "./quick-routes.ts"
import { reportTo } from "./report.ts"
import { requestIds } from "./request-ids.ts"
import { type SilentConnections, silentConnections } from "./silent-connections.ts"

export interface ServeOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 8080; 0 takes a free one. */
  readonly port?: number
  readonly corsOrigins?: readonly string[]
  /** Gets a line of JSON for each event that an operator should know. Default: standard error. */
  readonly report?: (event: Readonly<Record<string, unknown>>) => void
}

export interface Served {
  readonly url: string
  readonly port: number
  /** Lets running requests finish, wakes waiting readers, closes the storage. */
  close(): Promise<void>
}

/** A slow sender may take so long for a whole request, milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000

/** Closes the storage where it cannot listen. */
export async function serve(storage: OpenStorage, options: ServeOptions): Promise<Served> {
  const report = reportTo(options)
  const metrics = serverMetrics(storage)
  const nextId = requestIds()
  const observer: ExchangeObserver = {
    finished: metrics.finished,
    defect: (route, requestId, error) =>
      report({
        level: "error",
        event: "defect",
        route,
        requestId,
        error: error instanceof Error ? error.stack : String(error),
      }),
  }
  const api = createApi({ ...storage.deps, log: metrics.log }, observer)
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 75_000 })
  const pages = [...documentPages(), metrics.page(api, server)]
  const app = createApp(api, { requestId: nextId, corsOrigins: options.corsOrigins ?? [], pages })
  const listener = getRequestListener(app.fetch, { errorHandler: answerBrokenRequest })
  const quick = quickRoutes(api, nextId)
  server.on("request", (request, response) => {
    if (!quick(request, response)) void listener(request, response)
  })
  refuseBrokenRequests(server)
  const silent = silentConnections(server)
  try {
    await listen(server, options.port ?? 8080, options.host ?? "127.0.0.1")
  } catch (error) {
    metrics.stop()
    await storage.close()
    throw error
  }
  const port = portOf(server)
  return {
    port,
    url: `http://${urlHost(options.host ?? "127.0.0.1")}:${port}`,
    close: async () => {
      api.stopWaiting()
      await stop(server, silent)
      metrics.stop()
      await storage.close()
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, 4096, () => {
      server.off("error", reject)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1"
  return host.includes(":") ? `[${host}]` : host
}

/** Requests that still run after so long are cut off, milliseconds. */
const DRAIN_MS = 10_000

function stop(server: Server, silent: SilentConnections): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
    silent.close()
  })
}
