/** The Hono app: routing of the API's endpoints and of the pages beside it. */
import type { Context } from "hono"
import { HonoBase } from "hono/hono-base"
import { TrieRouter } from "hono/router/trie-router"
import { getPath } from "hono/utils/url"
import { paths as apiPaths, problem } from "stratalog/protocol"
import { requireAllowed } from "./access/denied.ts"
import type { Api, Handler } from "./api.ts"
import { type Cors, cors } from "./cors.ts"
import { problemResponse } from "./exchange.ts"
import type { Page } from "./page.ts"
import { type BodyRoom, requireDecodable, webExchange, webResponse } from "./web-exchange.ts"

export interface AppOptions {
  /** Makes the id of a request that brings none. */
  readonly requestId: () => string
  /** Origins whose pages may call the API from a browser; `*` for all. Default: none. */
  readonly corsOrigins?: readonly string[]
  readonly pages?: readonly Page[]
  /** For the bodies of requests that run at the same time. */
  readonly room?: BodyRoom
}

export function createApp(api: Api, options: AppOptions): HonoBase {
  const { pages = [], corsOrigins = [] } = options
  // One router rather than the choice of them that `hono` comes with, which every cold start would read.
  const app = new HonoBase({ router: new TrieRouter(), getPath: (request) => withoutColons(getPath(request)) })
  const crossOrigin = cors(corsOrigins)
  const answer = (handler: Handler, context: Context) => exchange(api, handler, context, options, crossOrigin)
  for (const endpoint of api.endpoints) {
    app.on(endpoint.route.method, honoPath(endpoint.route.path), (context) => answer(endpoint, context))
  }
  for (const { path, access, respond } of pages) {
    const handle: Handler["handle"] = (request, caller) => {
      if (access !== undefined) requireAllowed(caller, access)
      return respond(request)
    }
    const page: Handler = { route: { id: "pages" }, isOpen: access === undefined, handle }
    app.get(path, (context) => answer(page, context))
  }
  // All of the API's, also those that another process serves.
  const paths = [...Object.values(apiPaths), ...pages.map(({ path }) => ({ method: "GET", path }))]
  app.notFound((context) => answer(otherwise(paths, context, crossOrigin), context))
  app.onError((error, context) => answer(broken(error), context))
  return app
}

function honoPath(path: string): string {
  return withoutColons(path).replace(/\{(\w+)\}/g, ":$1")
}

/** A colon in a route would begin a parameter, wherever it stands. Encoded, it means the same. */
function withoutColons(path: string): string {
  return path.includes(":") ? path.replaceAll(":", COLON) : path
}

const COLON = "%3A"

async function exchange(
  api: Api,
  handler: Handler,
  context: Context,
  options: AppOptions,
  crossOrigin: Cors,
): Promise<Response> {
  const { raw } = context.req
  const requestId = requestIdOf(raw.headers.get("x-request-id") ?? undefined, options)
  const { request, end } = webExchange(raw, context.req.param(), requestId, api.deps, options.room)
  const answer = await api.run(decodable(handler, raw.url), request)
  end()
  return webResponse(answer, requestId, crossOrigin.answer(raw.headers.get("origin") ?? undefined))
}

const REQUEST_ID = /^[\w.:-]{1,128}$/

/** The caller's id where it is a harmless one, so that its logs and ours can be joined. */
export function requestIdOf(given: string | undefined, options: Pick<AppOptions, "requestId">): string {
  return given !== undefined && REQUEST_ID.test(given) ? given : options.requestId()
}

/** Names would be refused in any case, but with a sentence that does not tell why. */
function decodable(handler: Handler, url: string): Handler {
  if (!url.includes("%")) return handler
  return {
    route: handler.route,
    isOpen: handler.isOpen,
    handle: (request, ...asked) => {
      requireDecodable(url)
      return handler.handle(request, ...asked)
    },
  }
}

function broken(error: Error): Handler {
  return {
    route: { id: "app" },
    isOpen: true,
    handle: () => {
      throw error
    },
  }
}

interface Path {
  readonly method: string
  readonly path: string
}

/** What a path answers to a method that it does not have. */
function otherwise(paths: readonly Path[], context: Context, crossOrigin: Cors): Handler {
  const { method } = context.req
  const path = context.req.path.replaceAll(COLON, ":")
  const methods = methodsOf(paths, path)
  return {
    route: { id: "none" },
    isOpen: true,
    handle: ({ header, requestId }) => {
      if (methods.length === 0) {
        const detail = `There is nothing at ${path}: see /docs for the API's paths.`
        return problemResponse(problem("route_not_found", detail, { requestId }))
      }
      if (methods.includes(method) && method !== "OPTIONS") {
        const detail = `${method} ${path} is not served here, but by another part of the deployment.`
        return problemResponse(problem("route_not_found", detail, { requestId }))
      }
      const allow = { allow: methods.join(", ") }
      if (method === "OPTIONS") {
        return { status: 204, headers: { ...allow, ...crossOrigin.preflight(header("origin"), methods) } }
      }
      const detail = `${path} takes ${methods.join(", ")}.`
      return problemResponse(problem("method_not_allowed", detail, { requestId }), allow)
    },
  }
}

function methodsOf(paths: readonly Path[], path: string): readonly string[] {
  const methods = paths.filter((each) => matches(each.path, path)).map(({ method }) => method)
  if (methods.length === 0) return []
  return [...new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"])]
}

function matches(template: string, path: string): boolean {
  const parts = path.split("/")
  const wanted = template.split("/")
  return (
    wanted.length === parts.length &&
    wanted.every((part, index) => (/^[{:]/.test(part) ? parts[index] !== "" : part === parts[index]))
  )
}
