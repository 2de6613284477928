/** The server of Node that listens: for HTTP, or for HTTPS alone where a certificate is given. */
import { createServer, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
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

/** A slow sender may take so long for a whole request, milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000

/** And for a handshake. */
const HANDSHAKE_TIMEOUT_MS = 10_000

const LIFETIMES = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 75_000 }

/** Does not listen yet. Rejects with a `StartError` where certificate or key cannot be used. */
export async function openServer(
  { tls, renewalCheckMs }: OpenServerOptions,
  report: (event: Readonly<Record<string, unknown>>) => void,
): Promise<OpenServer> {
  if (tls === undefined) {
    return { server: createServer(LIFETIMES), scheme: "http", connectionEvent: "connection", stopRenewal: () => {} }
  }
  const inForce = await readCertificate(tls)
  const server = createTlsServer({ ...LIFETIMES, ...inForce, handshakeTimeout: HANDSHAKE_TIMEOUT_MS })
  const renewal = { inForce, report, ...(renewalCheckMs !== undefined && { everyMs: renewalCheckMs }) }
  return {
    server,
    scheme: "https",
    connectionEvent: "secureConnection",
    stopRenewal: renewCertificate(server, tls, renewal),
  }
}
