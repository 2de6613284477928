/** Gathers a request's body within a bound. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { bodyCutOff, bodyTooLarge } from "../http/content-encoding.ts"
import { SMALL_BODY } from "../http/web-exchange.ts"
import type { BodyBudget } from "./bounds/body-budget.ts"

/** Up to this size a body's length is believed before it is there: its buffer is made at once. */
const TRUSTED_LENGTH = 4 * 1024 * 1024

/** Rejects with a `Refusal` where the body is too large, or the connection ends before it is whole. */
export function collectBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  budget: BodyBudget,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const length = Number(request.headers["content-length"] ?? Number.NaN)
    if (length > maxBytes) return reject(bodyTooLarge(maxBytes))
    const sink = length <= TRUSTED_LENGTH ? knownLength(length) : unknownLength()
    const isSmall = length <= SMALL_BODY
    let size = 0
    let held = 0
    const read = () => {
      request.on("data", (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes) return reject(bodyTooLarge(maxBytes))
        sink.take(chunk)
        if (isSmall) return
        held += chunk.length
        budget.hold(chunk.length)
      })
    }
    request.on("end", () => resolve(sink.whole()))
    request.on("error", () => reject(bodyCutOff()))
    request.on("close", () => {
      // An error costs its stack trace: none is made for a request that arrived.
      if (!request.complete) reject(bodyCutOff())
    })
    if (isSmall) return read()
    response.once("close", () => budget.release(held))
    budget.enter(read)
  })
}

interface Sink {
  take(chunk: Buffer): void
  whole(): Uint8Array
}

/** Large bodies go into place as they arrive, so that their pieces can be freed: joining them at the end would hold both. */
function knownLength(length: number): Sink {
  let body: Buffer | undefined
  let at = 0
  return {
    take(chunk) {
      if (at === 0 && chunk.length === length) body = chunk
      else {
        body ??= Buffer.allocUnsafeSlow(length)
        body.set(chunk, at)
      }
      at += chunk.length
    },
    whole: () => body?.subarray(0, at) ?? new Uint8Array(),
  }
}

function unknownLength(): Sink {
  const chunks: Buffer[] = []
  return {
    take: (chunk) => void chunks.push(chunk),
    whole: () => {
      const [only] = chunks
      return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
    },
  }
}
