/** The web's Request from a front door's event. */
import type { GatewayEvent, HttpEvent, RestEvent } from "./events.ts"

/** Only path and query of it mean anything here. */
const ORIGIN = "http://lambda"

/**
 * `signal` aborts when there is no time left to answer. `basePath`: what a REST API behind a domain leaves before the path, and
 * an HTTP API does not.
 */
export function requestOf(event: GatewayEvent, signal: AbortSignal, basePath?: string): Request {
  const { method, path, search, headers } = "httpMethod" in event ? restParts(event) : httpParts(event)
  const url = `${ORIGIN}${escapePath(withoutBase(path, basePath))}${search === "" ? "" : `?${search}`}`
  const hasBody = method !== "GET" && method !== "HEAD"
  return withMethod(
    method,
    (known) => new Request(url, { method: known, headers, signal, ...(hasBody && bodyOf(event)) }),
  )
}

interface Parts {
  readonly method: string
  readonly path: string
  /** Encoded, without the question mark. */
  readonly search: string
  readonly headers: Headers
}

function httpParts({ rawPath, pathParameters, rawQueryString, headers, requestContext }: HttpEvent): Parts {
  const { stage, http } = requestContext
  const prefix = `/${stage}/`
  const path = stage !== "$default" && rawPath.startsWith(prefix) ? rawPath.slice(prefix.length - 1) : rawPath
  // The front door let the whole path through, of which the rest may be another one: it leads nowhere.
  const isCut = Object.values(pathParameters ?? {}).some((value) => /\?|%3f/i.test(value ?? ""))
  return {
    method: http.method,
    path: isCut ? `${path}?` : path,
    search: rawQueryString,
    headers: headersOf(Object.entries(headers).map(([name, value]) => [name, value === undefined ? [] : [value]])),
  }
}

function restParts({ httpMethod, path, multiValueHeaders, multiValueQueryStringParameters }: RestEvent): Parts {
  const query = Object.entries(multiValueQueryStringParameters ?? {})
  return {
    method: httpMethod,
    path,
    search: new URLSearchParams(query.flatMap(([name, values]) => values.map((value) => [name, value]))).toString(),
    headers: headersOf(Object.entries(multiValueHeaders ?? {})),
  }
}

/** No path of the API begins as a base path may. */
function withoutBase(path: string, basePath: string | undefined): string {
  if (basePath === undefined || path.split("/", 2)[1] !== basePath) return path
  return path.slice(basePath.length + 1) || "/"
}

/**
 * Some front doors decode the path and some do not. What no encoded path can hold is encoded; what is encoded stays as it
 * is. The two differ for paths only that lead nowhere: no name here needs an escape.
 */
function escapePath(path: string): string {
  const escaped = path.toWellFormed().replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, encodeURIComponent)
  return escaped
    .split("/")
    .map((part) => (isOtherwiseRead(part) ? NOTHING : part))
    .join("/")
}

/** A name, and one that nothing has. */
const NOTHING = "%25"

/**
 * Whether the front door, when it decided by this path who may call what, read something else here than a URL would. A URL takes
 * `..` for the way up, encoded or not. And an escape of what needs none would be decoded: of `%2573ecret` a door that decodes
 * once sees `%73ecret`, for which it has no rule, and not `secret`.
 */
function isOtherwiseRead(part: string): boolean {
  return /^\.{1,2}$/.test(part) || NEEDLESS_ESCAPE.test(part)
}

/** Of a letter, a digit, or one of `-._~`. */
const NEEDLESS_ESCAPE = /%(4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a]|3[0-9]|2[de]|5f|7e)/i

function headersOf(entries: readonly (readonly [string, readonly string[]])[]): Headers {
  const headers = new Headers()
  for (const [name, values] of entries) {
    for (const value of values) {
      try {
        headers.append(name, value)
      } catch {
        // What a header cannot hold was mangled on the way; no header that means something here has it.
      }
    }
  }
  return headers
}

function bodyOf({ body, isBase64Encoded }: GatewayEvent): { readonly body?: Uint8Array<ArrayBuffer> } {
  if (body === undefined || body === null || body === "") return {}
  return { body: Uint8Array.from(Buffer.from(body, isBase64Encoded === true ? "base64" : "utf8")) }
}

/** Request refuses three methods that the API refuses by itself, with an answer. */
const UNKNOWN_TO_REQUEST = /^(connect|trace|track)$/i

function withMethod(method: string, make: (known: string) => Request): Request {
  if (!UNKNOWN_TO_REQUEST.test(method)) return make(method)
  return Object.defineProperty(make("POST"), "method", { value: method })
}
