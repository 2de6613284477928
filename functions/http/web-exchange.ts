/** Between the web's Request and Response and the API's exchange. */
import type { Limits } from "stratalog/protocol"
import type { ContentCodecs } from "stratalog/record-batch"
import { bodyCutOff, bodyTooLarge, decodeBody } from "./content-encoding.ts"
import { type ApiRequest, type ApiResponse, invalid } from "./exchange.ts"

export interface BodyRules {
  readonly limits: Limits
  readonly codecs: ContentCodecs
}

/** The memory that large bodies take while their requests run. */
export interface BodyRoom {
  /** Calls `start` as soon as there is room. */
  enter(start: () => void): void
  hold(bytes: number): void
  release(bytes: number): void
}

/** Bodies up to this size are read whatever else is going on. */
export const SMALL_BODY = 64 * 1024

export interface WebExchange {
  readonly request: ApiRequest
  /** Gives back the room that the body took. */
  end(): void
}

/** `room`: absent where one request runs at a time. */
export function webExchange(
  request: Request,
  params: ApiRequest["params"],
  requestId: string,
  rules: BodyRules,
  room?: BodyRoom,
): WebExchange {
  let held = 0
  const hold = (bytes: number) => {
    held += bytes
    room?.hold(bytes)
  }
  const enter = () => new Promise<void>((resolve) => (room === undefined ? resolve() : room.enter(resolve)))
  return {
    request: webRequest(request, params, requestId, rules, { enter, hold }),
    end: () => room?.release(held),
  }
}

interface Held {
  enter(): Promise<void>
  hold(bytes: number): void
}

function webRequest(
  request: Request,
  params: ApiRequest["params"],
  requestId: string,
  { limits, codecs }: BodyRules,
  held: Held,
): ApiRequest {
  const query = request.url.indexOf("?")
  const header = (name: string) => request.headers.get(name) ?? undefined
  return {
    params,
    search: query === -1 ? "" : request.url.slice(query + 1),
    header,
    body: async () => {
      const bytes = await collect(request, limits.maxRequestBytes, held)
      return decodeBody(header("content-encoding"), bytes, codecs, limits.maxRequestBytes)
    },
    signal: () => request.signal,
    requestId,
  }
}

async function collect(request: Request, maxBytes: number, held: Held): Promise<Uint8Array> {
  const length = Number(request.headers.get("content-length") ?? Number.NaN)
  if (length > maxBytes) throw bodyTooLarge(maxBytes)
  if (request.body === null) return new Uint8Array()
  const isSmall = length <= SMALL_BODY
  if (!isSmall) await held.enter()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of untilCutOff(request.body)) {
    size += chunk.length
    if (size > maxBytes) throw bodyTooLarge(maxBytes)
    chunks.push(chunk)
    if (!isSmall) held.hold(chunk.length)
  }
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size)
}

/** Throws a `Refusal` where the connection ends first. */
async function* untilCutOff(body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body
  } catch {
    throw bodyCutOff()
  }
}

export function webResponse(
  { status, headers, body }: ApiResponse,
  requestId: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  const whole = Array.isArray(body) ? Buffer.concat(body) : body
  const vary = [headers["vary"], more["vary"]].filter((name) => name !== undefined).join(", ")
  return new Response((whole ?? null) as BodyInit | null, {
    status,
    headers: {
      "x-content-type-options": "nosniff",
      ...headers,
      ...more,
      ...(vary !== "" && { vary }),
      "x-request-id": requestId,
    },
  })
}

/** Throws a `Refusal` where a percent sign is not followed by what UTF-8 and RFC 3986 want. */
export function requireDecodable(url: string): void {
  if (!url.includes("%")) return
  try {
    decodeURIComponent(new URL(url).pathname)
  } catch {
    const message =
      "the path has a broken percent-encoding: a % needs two hexadecimal digits, and the bytes have to be UTF-8"
    throw invalid([{ path: "", message }])
  }
}
