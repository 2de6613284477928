/**
 * The server that is fuzzed, in a process of its own: it tells its address, what it reported, and on demand what it holds.
 * Arguments: the data directory, and `leak` for a server that keeps something of each request.
 */
import diagnostics from "node:diagnostics_channel"
import { startServer } from "stratalog-server"
import { BODIES, bounds } from "./bounds.ts"

export type Told =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "reported"; readonly event: Readonly<Record<string, unknown>> }
  | { readonly kind: "held"; readonly held: Held }

export interface Held {
  /** Of the heap and of buffers outside of it, after the garbage collector, bytes. */
  readonly memory: number
  readonly rss: number
  /** Sockets of the process. */
  readonly sockets: number
  /** Requests that something still holds, such as work for a caller that is gone. */
  readonly requests: number
}

const [, , dataDir = "", leak] = process.argv
const tell = (told: Told) => void process.send?.(told)
const requests = watchRequests()
const server = await startServer({ dataDir, port: 0, bounds, report: (event) => tell({ kind: "reported", event }) })
if (leak === "leak") leakFromRequests()
process.on("message", (message) => {
  if (message === "measure") void measure().then((held) => tell({ kind: "held", held }))
})
process.on("disconnect", () => process.exit())
tell({ kind: "ready", port: server.port })

async function measure(): Promise<Held> {
  // What was freed in one round may free more in the next.
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
  const sockets = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length
  return { memory: heapUsed + Math.max(external, arrayBuffers), rss, sockets, requests: requests() }
}

/** How many of all requests the garbage collector has left so far. */
function watchRequests(): () => number {
  const seen = new Set<WeakRef<object>>()
  diagnostics.subscribe("http.server.request.start", (message) => seen.add(new WeakRef(Object(message).request)))
  return () => {
    for (const request of seen) if (request.deref() === undefined) seen.delete(request)
    return seen.size
  }
}

/** A bug for the test of the test: something is kept for each request that arrives. */
function leakFromRequests(): void {
  const kept: Buffer[] = []
  diagnostics.subscribe("http.server.request.start", () => {
    kept.push(Buffer.alloc(BODIES))
  })
}
