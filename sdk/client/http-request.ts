/** A request to the service, before it is sent. */
import { invalidArgument } from "./errors.ts"

type QueryValue = string | number | undefined

export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly query?: Readonly<Record<string, QueryValue>>
  /** A JSON body. */
  readonly json?: unknown
  /** A binary body. */
  readonly body?: { readonly bytes: Uint8Array; readonly type: string }
  readonly accept?: string
  /** A field that the JSON of its success always has: without it, something else than Stratalog answered. */
  readonly answers?: string
  /** Sent twice, it does nothing more than sent once. Default: true for GET. */
  readonly repeatable?: boolean
  /** How long the server was asked to wait, milliseconds: the time limit starts after it. */
  readonly waitMs?: number
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** Path and query as they stand in the URL. */
export function pathAndQuery({ path, query = {} }: HttpRequest): string {
  const parts = Object.entries(query)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`
}

/** A path with each part escaped: `path("v1", "topics", name)`. */
export function pathOf(...parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("")
}

/** The URL of a service without its trailing slash; refuses what is no http(s) URL. */
export function parseBaseUrl(text: string): string {
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw invalidArgument(`"${text}" is no URL; pass one such as http://127.0.0.1:8080. (${String(cause)})`)
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw invalidArgument(`"${text}" is neither an http nor an https URL.`)
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`
}

export function isRepeatable(request: HttpRequest): boolean {
  return request.repeatable ?? request.method === "GET"
}

export function bodyOf(request: HttpRequest): { body?: BodyInit } {
  if (request.body !== undefined) return { body: request.body.bytes as Uint8Array<ArrayBuffer> }
  return request.json === undefined ? {} : { body: JSON.stringify(request.json) }
}
