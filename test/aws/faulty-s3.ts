/** A proxy in front of an S3 endpoint that fails as told, so that the real client meets real failures. */
import { once } from "node:events"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { buffer } from "node:stream/consumers"
import { listenOnLoopback } from "./loopback-server.ts"
import { S3Error, type S3ErrorCode, xml } from "./s3-errors.ts"

export type S3Fault =
  /** S3 refuses, without effect. */
  | { readonly kind: "refuse"; readonly code: S3ErrorCode }
  /** The connection breaks before the request arrives. */
  | { readonly kind: "break" }
  /** The request takes effect and the connection breaks before the answer. */
  | { readonly kind: "lose" }
  /** No answer, for ever; `arrives`: the request takes effect. */
  | { readonly kind: "stall"; readonly arrives: boolean }
  /** The connection breaks in the middle of the answer's body. */
  | { readonly kind: "cut" }
  /** Nothing comes any more in the middle of the answer's body. */
  | { readonly kind: "stall_body" }
  /** One bit turns over, in the request's body or in the answer's. */
  | { readonly kind: "flip"; readonly body: "request" | "answer" }
  /** S3 removes all keys but this one, of which it says so in a good answer. */
  | { readonly kind: "keep"; readonly code: S3ErrorCode }

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage["headers"]
  readonly body: Buffer
}

export interface FaultyS3 {
  readonly endpoint: string
  /** Requests that came. */
  readonly requests: number
  /** These faults for the requests that come next, then none. */
  script(...faults: readonly S3Fault[]): void
  /** Faults that are told and did not strike. */
  readonly left: number
  stop(): Promise<void>
}

export async function startFaultyS3(target: string): Promise<FaultyS3> {
  let faults: S3Fault[] = []
  let requests = 0
  const server = createServer((incoming, response) => {
    requests += 1
    void pass(target, incoming, response, faults.shift()).catch(() => response.destroy())
  })
  const listening = await listenOnLoopback(server)
  return {
    endpoint: listening.endpoint,
    get requests() {
      return requests
    },
    get left() {
      return faults.length
    },
    script: (...told) => {
      requests = 0
      faults = [...told]
    },
    stop: listening.stop,
  }
}

async function pass(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  fault: S3Fault | undefined,
): Promise<void> {
  const body = await buffer(incoming)
  switch (fault?.kind) {
    case "refuse":
      return send(response, answerOf(new S3Error(fault.code, "injected")))
    case "break":
      response.destroy()
      return
    case "lose":
      await forward(target, incoming, body)
      response.destroy()
      return
    case "stall":
      if (fault.arrives) await forward(target, incoming, body)
      return
    case "keep": {
      const error = `<Error><Key>k</Key><Code>${fault.code}</Code><Message>injected</Message></Error>`
      return send(response, { status: 200, headers: {}, body: Buffer.from(xml("DeleteResult", error)) })
    }
  }
  if (fault?.kind === "flip" && fault.body === "request") flip(body)
  const answer = await forward(target, incoming, body)
  if (fault?.kind === "flip" && fault.body === "answer") flip(answer.body)
  if (fault?.kind === "cut") return sendHalf(response, answer, () => response.destroy())
  if (fault?.kind === "stall_body") return sendHalf(response, answer, () => undefined)
  return send(response, answer)
}

function answerOf(error: S3Error): Answer {
  return { status: error.status, headers: {}, body: Buffer.from(error.body()) }
}

async function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const outgoing = request(new URL(url ?? "/", target), { method: method ?? "GET", headers })
  outgoing.end(body)
  const [answer]: readonly IncomingMessage[] = await once(outgoing, "response")
  if (answer === undefined) throw new Error("no answer")
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) }
}

function flip(bytes: Buffer): void {
  const position = bytes.length >> 1
  bytes[position] = (bytes[position] ?? 0) ^ 1
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...withoutTransfer(headers), "content-length": body.length })
  response.end(body)
}

function sendHalf(response: ServerResponse, { status, headers, body }: Answer, then: () => void): void {
  response.writeHead(status, { ...withoutTransfer(headers), "content-length": body.length })
  response.write(body.subarray(0, body.length >> 1), then)
}

function withoutTransfer(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const { "transfer-encoding": _encoding, connection: _connection, ...kept } = headers
  return kept
}
