/** What stands in front of a deployment in AWS, over a server of this process: it lets in who signs, and answers others in its own words. */
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"
import { startServer } from "stratalog-server"
import { listenOnLoopback } from "../aws/loopback-server.ts"
import { type Key, signatureFault } from "./sigv4-check.ts"

export interface SignedDoor {
  /** Without a slash at its end. */
  readonly url: string
  /** Of the server behind it, which lets everybody in. */
  readonly openUrl: string
  /** What was wrong with each request since the last look; undefined: nothing. */
  faults(): readonly (string | undefined)[]
  close(): Promise<void>
}

export async function openSignedDoor(key: Key, region: string): Promise<SignedDoor> {
  const folder = mkdtempSync(join(tmpdir(), "stratalog-door-"))
  const server = await startServer({ dataDir: folder, port: 0 })
  let faults: (string | undefined)[] = []
  const door = createServer(async (request, response) => {
    const { url, headers, body } = await read(request)
    const method = request.method ?? "GET"
    const scope = { service: "execute-api", region, now: Date.now() }
    const fault = await signatureFault({ method, url, headers, body }, key, scope)
    faults.push(fault)
    if (fault === undefined) await pass({ url: server.url + (request.url ?? ""), method, headers, body }, response)
    else response.writeHead(403).end('{"message":"Forbidden"}')
  })
  const { endpoint, stop } = await listenOnLoopback(door)
  return {
    url: endpoint,
    openUrl: server.url,
    faults: () => {
      const seen = faults
      faults = []
      return seen
    },
    close: async () => {
      await stop()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function read(request: IncomingMessage): Promise<{ url: string; headers: Headers; body: Buffer<ArrayBuffer> }> {
  const headers = new Headers(request.headers as Record<string, string>)
  return { url: `http://${headers.get("host")}${request.url}`, headers, body: await buffer(request) }
}

interface Passed {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: Buffer<ArrayBuffer>
}

/** What is of the connection alone does not go on. */
const OF_CONNECTION = ["host", "connection", "content-length", "transfer-encoding", "expect"]

async function pass({ url, method, headers, body }: Passed, response: ServerResponse): Promise<void> {
  for (const name of OF_CONNECTION) headers.delete(name)
  const answer = await fetch(url, { method, headers, ...(method !== "GET" && { body }) })
  const { "transfer-encoding": _, ...kept } = Object.fromEntries(answer.headers)
  response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()))
}
