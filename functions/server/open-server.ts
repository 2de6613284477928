/** The server of Node that listens: for HTTP, or for HTTPS alone where a certificate is given. */
import { createServer, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { limits } from "stratalog/protocol"
import type { Report } from "../http/logs/log-line.ts"
import type { ServerBounds } from "./bounds/bounds.ts"
import { readCertificate, renewCertificate, type TlsFiles } from "./tls.ts"

export interface OpenServer {
  readonly server: Server
  readonly scheme: "http" | "https"
  /** What it emits for a connection on which requests may come. */
  readonly connectionEvent: "connection" | "secureConnection"
  /** Ends what looks for a new certificate. */
  stopRenewal(): void
}

export interface OpenServerOptions {
  readonly tls?: TlsFiles
  /** Between two looks at the files of the certificate, milliseconds. */
  readonly renewalCheckMs?: number
}

/** Does not listen yet. Rejects with a `StartError` where certificate or key cannot be used. */
export async function openServer(
  { tls, renewalCheckMs }: OpenServerOptions,
  bounds: ServerBounds,
  report: Report,
): Promise<OpenServer> {
  if (tls === undefined) {
    const server = bounded(createServer(lifetimes(bounds)), bounds)
    return { server, scheme: "http", connectionEvent: "connection", stopRenewal: () => {} }
  }
  const inForce = await readCertificate(tls)
  const { handshakeTimeoutMs: handshakeTimeout } = bounds
  const server = bounded(createTlsServer({ ...lifetimes(bounds), ...inForce, handshakeTimeout }), bounds)
  const renewal = { inForce, report, ...(renewalCheckMs !== undefined && { everyMs: renewalCheckMs }) }
  return {
    server,
    scheme: "https",
    connectionEvent: "secureConnection",
    stopRenewal: renewCertificate(server, tls, renewal),
  }
}

function lifetimes({ headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, checkEveryMs }: ServerBounds) {
  return {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: checkEveryMs,
  }
}

function bounded<S extends Server>(server: S, { maxConnections }: ServerBounds): S {
  server.maxConnections = maxConnections
  return server
}
