/** The HTTP server of a process: listens, answers, and stops without cutting anybody off. */
import type { Server } from "node:http"
import { getRequestListener } from "@hono/node-server"
import { type Api, createApi } from "../http/api.ts"
import { createApp } from "../http/app.ts"
import { allEndpoints } from "../http/endpoints/all.ts"
import type { Report } from "../http/logs/log-line.ts"
import type { Page } from "../http/page.ts"
import { type AccessOptions, openAccess } from "./access/open-access.ts"
import { BodyBudget } from "./bounds/body-budget.ts"
import { BODY_BUDGET, type ServerBounds, serverBounds } from "./bounds/bounds.ts"
import { answerBrokenRequest, refuseBrokenRequests } from "./bounds/broken-requests.ts"
import { type OneAtATime, oneAtATime } from "./bounds/one-at-a-time.ts"
import { refuseHead } from "./bounds/request-heads.ts"
import { type SilentConnections, silentConnections } from "./bounds/silent-connections.ts"
import { cutSlowReaders } from "./bounds/slow-readers.ts"
import { documentPages } from "./document-pages.ts"
import { exchangeObserver } from "./exchange-observer.ts"
import { serverMetrics } from "./metrics.ts"
import { type OpenServer, type OpenServerOptions, openServer } from "./open-server.ts"
import type { OpenStorage } from "./open-storage.ts"
import { quickRoutes } from "./quick-routes.ts"
import { reportTo } from "./report.ts"
import { requestIds } from "./request-ids.ts"

/** With `tls`: HTTPS, and nothing in the clear. */
export interface ServeOptions extends OpenServerOptions, AccessOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 8080; 0 takes a free one. */
  readonly port?: number
  readonly corsOrigins?: readonly string[]
  /** Those of `serverBounds` that are to be others. */
  readonly bounds?: Partial<ServerBounds>
  /** Gets each event that an operator should know. Default: a line of JSON each, on standard error. */
  readonly report?: Report
}

export interface Served {
  readonly url: string
  readonly port: number
  /** Whether callers have to show an API key. */
  readonly auth: "off" | "required"
  /** The key of a super-user that was made because nobody had one. It is told this once. */
  readonly firstKey?: string
  /** What whoever started it should know of who may call. */
  readonly warning?: string
  /** Lets running requests finish, wakes waiting readers, closes the storage. */
  close(): Promise<void>
}

/** Closes the storage where it cannot serve it. Rejects with a `StartError` where an option does not do. */
export async function serve(storage: OpenStorage, options: ServeOptions): Promise<Served> {
  const report = reportTo(options)
  const bounds = { ...serverBounds, ...options.bounds }
  const { port: wanted = 8080, host = "127.0.0.1" } = options
  const onFailure = (error: unknown) => ended(() => storage.close(), error)
  const surroundings = { host, tls: options.tls !== undefined, report }
  const access = await openAccess(storage.access, options, surroundings).catch(onFailure)
  const open = await openServer(options, bounds, report).catch(onFailure)
  const { server, connectionEvent } = open
  const metrics = serverMetrics(storage)
  const deps = { ...storage.deps, log: metrics.log, ...(access.control && { access: access.control }) }
  const api = createApi(deps, allEndpoints, exchangeObserver(metrics, report, storage), access.gate)
  const pages = [...documentPages(access.control !== undefined), metrics.page(api, server, connectionEvent)]
  const exchanges = answerWith(api, open, pages, { ...options, bounds })
  refuseBrokenRequests(server, exchanges)
  const silent = silentConnections(server)
  const slow = cutSlowReaders(server, { bounds, connectionEvent, report })
  const release = async () => {
    open.stopRenewal()
    slow.stop()
    metrics.stop()
    await storage.close()
  }
  const close = async () => {
    api.stopWaiting()
    await stop(server, silent)
    await release()
  }
  await listen(server, wanted, host).catch((error: unknown) => ended(release, error))
  // Only now: a key that is made by a start which then fails would be told to nobody.
  const firstKey = await access.firstKey().catch((error: unknown) => ended(close, error))
  const { warning } = access
  if (warning !== undefined) report({ level: "warn", ...warning })
  const port = portOf(server)
  return {
    port,
    url: `${open.scheme}://${urlHost(host)}:${port}`,
    auth: access.control === undefined ? "off" : "required",
    ...(firstKey !== undefined && { firstKey }),
    ...(warning !== undefined && { warning: warning.detail }),
    close,
  }
}

async function ended(end: () => Promise<void>, error: unknown): Promise<never> {
  await end()
  throw error
}

function answerWith(
  api: Api,
  { server }: OpenServer,
  pages: readonly Page[],
  { corsOrigins = [], bounds }: ServeOptions & { readonly bounds: ServerBounds },
): OneAtATime {
  const requestId = requestIds()
  const room = new BodyBudget(BODY_BUDGET)
  const app = createApp(api, { requestId, corsOrigins, pages, room })
  const listener = getRequestListener(app.fetch, { errorHandler: answerBrokenRequest })
  const quick = quickRoutes(api, requestId, room)
  const exchanges = oneAtATime((request, response) => {
    if (refuseHead(request, response, bounds, requestId) || quick(request, response)) return
    void listener(request, response)
  })
  server.on("request", exchanges.answer)
  return exchanges
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
