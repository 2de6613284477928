/** A front door's answer from the web's Response. */
import { problem } from "stratalog/protocol"
import { problemResponse } from "../http/exchange.ts"
import type { GatewayAnswer } from "./events.ts"
import { BASE64_BODY_BYTES, encodingOf } from "./limits.ts"

const TEXT = /^(text\/|application\/(json|javascript|problem\+json)\b)/

export async function answerOf(response: Response): Promise<GatewayAnswer> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const headers = Object.fromEntries(response.headers)
  const encoded = TEXT.test(headers["content-type"] ?? "text/") ? encodeText(bytes) : encodeBytes(bytes)
  if (encoded === undefined) return tooLarge(bytes.length, headers)
  return { statusCode: response.status, headers, ...encoded }
}

type EncodedBody = Pick<GatewayAnswer, "body" | "isBase64Encoded">

function encodeText(bytes: Buffer): EncodedBody | undefined {
  const text = bytes.toString("utf8")
  return encodingOf(text, bytes.length) === "text" ? { body: text, isBase64Encoded: false } : encodeBytes(bytes)
}

function encodeBytes(bytes: Buffer): EncodedBody | undefined {
  if (bytes.length > BASE64_BODY_BYTES) return undefined
  return { body: bytes.toString("base64"), isBase64Encoded: true }
}

/** Answers with records know their bound; a list of thousands of long texts may come here. */
function tooLarge(bytes: number, { "x-request-id": id }: Readonly<Record<string, string>>): GatewayAnswer {
  const detail = `The answer takes ${bytes} bytes, more than AWS Lambda carries: ask for less at once.`
  const { status, headers, body } = problemResponse(
    problem("internal_error", detail, id === undefined ? {} : { requestId: id }),
  )
  return {
    statusCode: status,
    headers: { ...headers, ...(id !== undefined && { "x-request-id": id }) },
    body: String(body),
    isBase64Encoded: false,
  }
}
