/** The Hono app: routing, and the way between the web's Request and Response and the API's exchange. */
import { type Context, Hono } from "hono"
import { type ErrorCode, problem } from "stratalog/protocol"
import type { Api } from "./api.ts"
import { bodyTooLarge, decodeBody } from "./content-encoding.ts"
import type { Endpoint } from "./endpoint.ts"
import { type ApiRequest, type ApiResponse, problemResponse } from "./exchange.ts"

export interface AppOptions {
  /** Makes the id of a request that brings none. */
  readonly requestId: () => string
}

export function createApp(api: Api, options: AppOptions): Hono {
  const app = new Hono()
  for (const endpoint of api.endpoints) {
    app.on(endpoint.route.method, honoPath(endpoint.route.path), (context) => serve(api, endpoint, context, options))
  }
  app.notFound((context) => notFound(api, context.req.path, options.requestId()))
  return app
}

function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1")
}

async function serve(api: Api, endpoint: Endpoint, context: Context, options: AppOptions): Promise<Response> {
  const requestId = requestIdOf(context.req.header("x-request-id"), options)
  const answer = await api.run(endpoint, webRequest(api, context, requestId))
  return webResponse(answer, requestId)
}

const REQUEST_ID = /^[\w.:-]{1,128}$/

/** The caller's id where it is a harmless one, so that its logs and ours can be joined. */
export function requestIdOf(given: string | undefined, options: AppOptions): string {
  return given !== undefined && REQUEST_ID.test(given) ? given : options.requestId()
}

function webRequest(api: Api, context: Context, requestId: string): ApiRequest {
  const { raw } = context.req
  const query = raw.url.indexOf("?")
  return {
    params: context.req.param(),
    search: query === -1 ? "" : raw.url.slice(query + 1),
    header: (name) => context.req.header(name),
    body: async () => {
      const { maxRequestBytes } = api.deps.limits
      const bytes = await collect(raw, maxRequestBytes)
      return decodeBody(context.req.header("content-encoding"), bytes, api.deps.codecs, maxRequestBytes)
    },
    signal: () => raw.signal,
    requestId,
  }
}

async function collect(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw bodyTooLarge(maxBytes)
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > maxBytes) throw bodyTooLarge(maxBytes)
    chunks.push(chunk)
  }
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size)
}

function webResponse(answer: ApiResponse, requestId: string): Response {
  const { body } = answer
  const whole = Array.isArray(body) ? Buffer.concat(body) : body
  return new Response((whole ?? null) as BodyInit | null, {
    status: answer.status,
    headers: { ...answer.headers, "x-request-id": requestId },
  })
}

/** The path exists with other methods, or not at all. */
function notFound(api: Api, path: string, requestId: string): Response {
  const methods = api.endpoints.filter(({ route }) => matches(route.path, path)).map(({ route }) => route.method)
  const known: ErrorCode = methods.length > 0 ? "method_not_allowed" : "route_not_found"
  const detail =
    methods.length > 0
      ? `${path} takes ${methods.join(", ")}.`
      : `There is nothing at ${path}: see /docs for the API's paths.`
  const allow = [...new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods)]
  const headers: Record<string, string> = methods.length > 0 ? { allow: allow.join(", ") } : {}
  return webResponse(problemResponse(problem(known, detail, { requestId }), headers), requestId)
}

function matches(template: string, path: string): boolean {
  const parts = path.split("/")
  const wanted = template.split("/")
  return (
    wanted.length === parts.length &&
    wanted.every((part, index) => (part.startsWith("{") ? parts[index] !== "" : part === parts[index]))
  )
}
