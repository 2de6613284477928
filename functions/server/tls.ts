/** TLS by two files, which are read again when they change: a renewed certificate needs no restart. */
import { readFile } from "node:fs/promises"
import type { Server } from "node:https"
import { createSecureContext } from "node:tls"
import type { Report } from "../http/logs/log-line.ts"
import { StartError } from "./start-error.ts"

/** Paths of PEM files. */
export interface TlsFiles {
  /** The certificate, and behind it those that lead to a root. */
  readonly cert: string
  readonly key: string
}

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

/** Renewals come weeks before they are needed. */
const LOOK_EVERY_MS = 30_000

/** Rejects with a `StartError` where the files cannot be read, are no certificate and key, or do not belong together. */
export async function readCertificate(files: TlsFiles): Promise<Certificate> {
  const certificate = { cert: await read("--tls-cert", files.cert), key: await read("--tls-key", files.key) }
  try {
    createSecureContext(certificate)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${files.cert} and ${files.key} are not a certificate and its key, both as PEM and without a passphrase: ${said}.`,
    )
  }
  return certificate
}

async function read(setting: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new StartError(`${setting} ${path} cannot be read: ${error instanceof Error ? error.message : error}.`)
  }
}

export interface RenewalOptions {
  readonly inForce: Certificate
  readonly report: Report
  readonly everyMs?: number
}

/** Serves new connections with what the files hold by then; with the last good pair while they do not fit. Answers how to stop. */
export function renewCertificate(server: Server, files: TlsFiles, options: RenewalOptions): () => void {
  const { report, everyMs = LOOK_EVERY_MS } = options
  let { inForce } = options
  let refused = ""
  const look = async () => {
    try {
      const found = await readCertificate(files)
      refused = ""
      if (found.cert.equals(inForce.cert) && found.key.equals(inForce.key)) return
      server.setSecureContext(found)
      inForce = found
      report({ level: "info", event: "certificate_renewed", cert: files.cert })
    } catch (error) {
      const said = String(error)
      // Half of a pair is written for a moment; what stays so is told once.
      if (said !== refused) report({ level: "warn", event: "certificate_not_renewed", error: said })
      refused = said
    }
  }
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
