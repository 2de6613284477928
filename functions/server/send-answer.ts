/** Writes an API answer to Node's response. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { ReadableStream as NodeReadableStream } from "node:stream/web"
import type { ApiBody, ApiResponse } from "../http/exchange.ts"

export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: ApiResponse,
  requestId: string,
): void {
  if (response.destroyed) return
  const all: Record<string, string | number> = { ...headers, "x-request-id": requestId }
  // The rest of a refused body is read and dropped: closing the connection under a sender costs it the answer.
  if (!request.complete) request.resume()
  if (isStream(body)) {
    response.writeHead(status, all)
    pipeline(Readable.fromWeb(body as NodeReadableStream), response).catch(() => response.destroy())
    return
  }
  if (status !== 304 && status !== 204) all["content-length"] = sizeOf(body)
  response.writeHead(status, all)
  if (!isList(body)) {
    response.end(body)
    return
  }
  response.cork()
  for (const part of joinSmall(body)) response.write(part)
  response.uncork()
  response.end()
}

function isStream(body: ApiBody | undefined): body is ReadableStream<Uint8Array> {
  return body instanceof ReadableStream
}

function isList(body: ApiBody | undefined): body is readonly Uint8Array[] {
  return Array.isArray(body)
}

function sizeOf(body: Exclude<ApiBody, ReadableStream> | undefined): number {
  if (body === undefined) return 0
  if (isList(body)) return body.reduce((size, part) => size + part.length, 0)
  return typeof body === "string" ? Buffer.byteLength(body) : body.length
}

/** A write costs about as much as copying so many bytes. */
const SMALL = 16_384

/** Parts below `SMALL` are copied together: thousands of small batches would be as many writes. */
function joinSmall(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const joined: Uint8Array[] = []
  let small: Uint8Array[] = []
  const flush = () => {
    if (small.length > 0) joined.push(small.length === 1 && small[0] ? small[0] : Buffer.concat(small))
    small = []
  }
  for (const part of parts) {
    if (part.length < SMALL) {
      small.push(part)
      continue
    }
    flush()
    joined.push(part)
  }
  flush()
  return joined
}
