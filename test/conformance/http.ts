/** HTTP without conveniences: paths, headers and bodies reach the server as they are written here. */
import * as http from "node:http"
import * as https from "node:https"

export interface RawRequest {
  readonly method: string
  /** With its query, encoded already; nothing is normalised. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

export interface Answer {
  readonly request: RawRequest
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
}

export interface HttpClient {
  send(request: RawRequest): Promise<Answer>
  /** The answer while its body still arrives; destroy it when done. */
  open(request: RawRequest): Promise<http.IncomingMessage>
  close(): void
}

export interface HttpOptions {
  /** The Host header, instead of the one that the URL names. */
  readonly host?: string | undefined
  /** Shown with every request that shows nothing else. */
  readonly apiKey?: string | undefined
}

export function httpClient(baseUrl: string, { host: hostHeader, apiKey }: HttpOptions = {}): HttpClient {
  const base = new URL(baseUrl)
  const transport = base.protocol === "https:" ? https : http
  const agent = new transport.Agent({ keepAlive: true, maxSockets: 64 })
  const prefix = base.pathname.replace(/\/$/, "")

  function open(request: RawRequest): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const body = request.body === undefined ? undefined : Buffer.from(request.body)
      const headers: Record<string, string> = {
        ...(hostHeader !== undefined && { host: hostHeader }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        ...request.headers,
      }
      if (body !== undefined && headers["transfer-encoding"] === undefined) {
        headers["content-length"] ??= String(body.length)
      }
      const sent = transport.request({
        host: base.hostname.replace(/^\[(.*)\]$/, "$1"),
        port: base.port,
        method: request.method,
        path: prefix + request.path,
        agent,
        headers,
      })
      sent.once("response", resolve)
      // A server may answer before it has read a body that it refuses; what the socket says afterwards is no news.
      sent.on("error", reject)
      sent.end(body)
    })
  }

  async function send(request: RawRequest): Promise<Answer> {
    const message = await open(request)
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    return { request, status: message.statusCode ?? 0, headers: message.headers, bytes, text: bytes.toString("utf8") }
  }

  return { send, open, close: () => agent.destroy() }
}
