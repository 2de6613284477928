/** A web service that gives the answers it is told to, one after another. */
import { createServer, type ServerResponse } from "node:http"

export type Reply =
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Sent as it is. */
  | { readonly text: string }
  /** Begins an answer and never ends it. */
  | "stall"

export interface JsonServer extends AsyncDisposable {
  readonly url: string
  /** What was asked for so far. */
  readonly asked: readonly URL[]
}

/** `reply` is given each request's URL and the number of requests before it. */
export async function startJsonServer(reply: (url: URL, index: number) => Reply): Promise<JsonServer> {
  const asked: URL[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://stand-in")
    asked.push(url)
    send(response, reply(url, asked.length - 1))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === "stall") {
    response.writeHead(200, { "content-type": "application/json" }).write("[")
    return
  }
  const { status, headers } = "text" in reply ? { status: 200, headers: {} } : { headers: {}, ...reply }
  const text = "text" in reply ? reply.text : JSON.stringify(reply.body)
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(text)
}
