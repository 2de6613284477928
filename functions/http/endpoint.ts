/** Binds a route's description to what it does: parses parameters, query and body by their schemas, once. */
import { BATCH_TYPE, JSON_TYPE, limits, type Route, type RouteResponse } from "stratalog/protocol"
import type * as z from "zod/mini"
import type { Requirement } from "../access/acl.ts"
import type { Caller } from "../access/caller.ts"
import { acceptable } from "./accept.ts"
import { requireAllowed } from "./access/denied.ts"
import type { Audited } from "./api.ts"
import { type ParsedJson, parseJson } from "./exact-json.ts"
import { type ApiRequest, type ApiResponse, invalid, Refusal } from "./exchange.ts"
import { parseFields } from "./field-errors.ts"
import { nestsDeeper } from "./nesting.ts"

/** A JSON body by its schema; `exact` as in `ParsedJson`, for the parts that are stored as they were written. */
export interface JsonBody<T> {
  readonly kind: "json"
  readonly value: T
  readonly exact: unknown
}

export interface BatchBody {
  readonly kind: "batch"
  readonly bytes: Uint8Array
}

export type EndpointBody<R extends Route> = R extends {
  body: { json: infer Schema extends z.ZodMiniType; batch: true }
}
  ? JsonBody<z.output<Schema>> | BatchBody
  : R extends { body: { json: infer Schema extends z.ZodMiniType } }
    ? JsonBody<z.output<Schema>>
    : undefined

export interface EndpointInput<R extends Route> {
  readonly params: z.output<R["params"]>
  readonly query: z.output<R["query"]>
  readonly body: EndpointBody<R>
}

/** What a caller must be allowed for a request: all of it. */
export type Rule<R extends Route> = (input: EndpointInput<R>) => readonly Requirement[]

export interface Endpoint {
  readonly route: Route
  /** Nobody is asked who they are. */
  readonly isOpen: boolean
  handle(request: ApiRequest, caller: Caller, audit: (what: Audited) => void): Promise<ApiResponse>
}

export function endpoint<R extends Route>(
  route: R,
  rule: Rule<R>,
  handle: (input: EndpointInput<R>, request: ApiRequest, caller: Caller) => ApiResponse | Promise<ApiResponse>,
): Endpoint {
  const jsonOnly = Object.values<RouteResponse>(route.responses).every(({ alsoAs }) => alsoAs === undefined)
  return {
    route,
    isOpen: route.access === "open",
    async handle(request, caller, audit) {
      if (jsonOnly) acceptable(request.header("accept"), [JSON_TYPE])
      const params = parseFields(route.params, request.params)
      const query = parseFields(route.query, parseQuery(request.search))
      const body = route.body === undefined ? undefined : await parseBody(route, request)
      // `body` has the shape that the route's own description gives it; the compiler cannot follow the condition.
      const input = { params, query, body } as EndpointInput<R>
      if (route.audit !== undefined) audit(auditOf(route.audit, input))
      // Before anything is looked up: nobody learns from a refusal whether there is such a thing.
      if (!caller.superUser) requireAllowed(caller, rule(input))
      const answer = await handle(input, request, caller)
      return route.method === "GET" ? kept(answer) : answer
    },
  }
}

/** An answer is for its caller: a proxy that keeps what says nothing of it would show it to somebody else. */
function kept(answer: ApiResponse): ApiResponse {
  if (answer.headers["cache-control"] !== undefined) return answer
  return { ...answer, headers: { ...answer.headers, "cache-control": "no-store" } }
}

/** What is named, wherever it stands in the request; nothing else of it. */
function auditOf(names: readonly string[], { params, query, body }: AuditedInput): Audited {
  const fields: Readonly<Record<string, unknown>> = { ...params, ...query, ...(body && "value" in body && body.value) }
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
}

interface AuditedInput {
  readonly params: object
  readonly query: object
  readonly body: JsonBody<object> | BatchBody | undefined
}

const NO_QUERY: Readonly<Record<string, string>> = {}

function parseQuery(search: string): Readonly<Record<string, string>> {
  if (search === "") return NO_QUERY
  const values: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(search)) {
    if (name in values) throw invalid([{ path: name, message: "is given twice; give it once" }])
    values[name] = value
  }
  return { ...values }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

async function parseBody(route: Route, request: ApiRequest): Promise<unknown> {
  const type = mediaType(request.header("content-type"))
  if (route.body?.batch === true && type === BATCH_TYPE) return { kind: "batch", bytes: await request.body() }
  const bytes = await request.body()
  if (bytes.length === 0 && route.body?.optional === true) return jsonBody(route, { value: {} })
  requireJson(type, route)
  if (bytes.length === 0) throw new Refusal("malformed_body", "The body is empty; send a JSON object.")
  return jsonBody(route, readJson(bytes))
}

function jsonBody(route: Route, { value, exact }: ParsedJson): JsonBody<unknown> {
  return { kind: "json", value: route.body === undefined ? value : parseFields(route.body.json, value), exact }
}

function readJson(bytes: Uint8Array): ParsedJson {
  if (nestsDeeper(bytes, limits.maxNesting)) {
    throw new Refusal("malformed_body", `The body is nested deeper than ${limits.maxNesting} levels.`)
  }
  try {
    return parseJson(decoder.decode(bytes))
  } catch (error) {
    const reason =
      error instanceof SyntaxError
        ? error.message
        : error instanceof RangeError
          ? "it is nested too deeply"
          : "it is not UTF-8"
    throw new Refusal("malformed_body", `The body is not valid JSON: ${reason}.`)
  }
}

/** A body without a content type, or with curl's default for `-d`, is taken for JSON: what else could it be? */
function requireJson(type: string | undefined, route: Route): void {
  if (type === undefined || type === JSON_TYPE || type.endsWith("+json") || type === CURL_DEFAULT) return
  const accepted = route.body?.batch === true ? `${JSON_TYPE} or ${BATCH_TYPE}` : JSON_TYPE
  throw new Refusal(
    "unsupported_media_type",
    `Content-Type ${type} is not taken here: send ${accepted}.`,
    {},
    { accept: accepted },
  )
}

const CURL_DEFAULT = "application/x-www-form-urlencoded"

function mediaType(header: string | undefined): string | undefined {
  return header?.split(";", 1)[0]?.trim().toLowerCase() || undefined
}
