import { spawn } from "node:child_process"
import { once } from "node:events"
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { Agent, request } from "node:https"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect as connectTls } from "node:tls"
import { type RunningServer, startServer } from "stratalog-server"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { runCli } from "../fakes/cli-io.ts"

const certificates = new URL("../fixtures/tls/", import.meta.url)
const both = [
  readFileSync(new URL("first-cert.pem", certificates)),
  readFileSync(new URL("second-cert.pem", certificates)),
]

let folder: string
let server: RunningServer | undefined
let told: Readonly<Record<string, unknown>>[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stratalog-tls-"))
  told = []
  install("first")
})
afterEach(async () => {
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true })
})

const tls = () => ({ cert: join(folder, "cert.pem"), key: join(folder, "key.pem") })

function install(name: "first" | "second", files: readonly ("cert" | "key")[] = ["cert", "key"]): void {
  for (const file of files) copyFileSync(new URL(`${name}-${file}.pem`, certificates), join(folder, `${file}.pem`))
}

async function start(): Promise<RunningServer> {
  const report = (event: Readonly<Record<string, unknown>>) => void told.push(event)
  server = await startServer({ dataDir: join(folder, "data"), port: 0, tls: tls(), renewalCheckMs: 20, report })
  return server
}

interface Answer {
  readonly status: number | undefined
  readonly body: string
  /** Whose certificate it came under. */
  readonly issuer: string | undefined
}

/** On a connection of its own, or on one of `agent`. */
async function ask(url: string, { method = "GET", body = "", agent = new Agent() } = {}): Promise<Answer> {
  const asked = request(url, { method, ca: both, agent, headers: { "content-type": "application/json" } })
  asked.end(body)
  const [response] = await once(asked, "response")
  const issuer = response.socket.getPeerCertificate().subject?.CN
  const chunks: Buffer[] = await response.toArray()
  return { status: response.statusCode, body: Buffer.concat(chunks).toString(), issuer }
}

describe("a server with a certificate", () => {
  it("answers under https, and tells so", async () => {
    const { url } = await start()
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect((await ask(`${url}/v1/topics/t`, { method: "PUT", body: '{"partitions":1}' })).status).toBe(201)
    const records = JSON.stringify({ records: [{ value: { qty: 2 } }] })
    expect((await ask(`${url}/v1/topics/t/records`, { method: "POST", body: records })).status).toBe(200)
    const fetched = await ask(`${url}/v1/topics/t/partitions/0/records?offset=0`)
    expect(fetched.body).toContain('"value":{"qty":2}')
    expect(fetched.issuer).toBe("first.stratalog.test")
  })

  it("answers nothing in the clear, and goes on", async () => {
    const { port, url } = await start()
    const socket = connect(port, "127.0.0.1")
    const chunks: Buffer[] = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    socket.on("error", () => {})
    socket.write("GET /v1/limits HTTP/1.1\r\nHost: x\r\n\r\n")
    await once(socket, "close")
    expect(Buffer.concat(chunks).toString()).not.toContain("HTTP/1.1")
    expect((await ask(`${url}/v1/limits`)).status).toBe(200)
  })

  it("refuses versions of TLS that are broken", async () => {
    const { port } = await start()
    const socket = connectTls({ port, host: "127.0.0.1", ca: both, minVersion: "TLSv1", maxVersion: "TLSv1.1" })
    await expect(once(socket, "secureConnect")).rejects.toThrow()
  })

  it("counts what goes over its connections", async () => {
    const { url } = await start()
    const { body } = await ask(`${url}/metrics`)
    expect(Number(/^stratalog_network_receive_bytes_total (\d+)/m.exec(body)?.[1])).toBeGreaterThan(50)
  })

  it("takes a new certificate for new connections, without a restart", async () => {
    const { url } = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await ask(`${url}/v1/limits`, { agent })
    install("second", ["cert"])
    await expect.poll(() => told).toContainEqual(expect.objectContaining({ event: "certificate_not_renewed" }))
    expect((await ask(`${url}/v1/limits`)).issuer).toBe("first.stratalog.test")
    install("second", ["key"])
    await expect.poll(() => told).toContainEqual(expect.objectContaining({ event: "certificate_renewed" }))
    expect((await ask(`${url}/v1/limits`)).issuer).toBe("second.stratalog.test")
    expect((await ask(`${url}/v1/limits`, { agent })).issuer).toBe("first.stratalog.test")
    agent.destroy()
  })

  it("stops while connections are open that said nothing, before and after their handshake, and cuts none that asks", async () => {
    const { port, url, close } = await start()
    const silent = connect(port, "127.0.0.1")
    const shaken = connectTls({ port, host: "127.0.0.1", ca: both })
    silent.on("error", () => {})
    shaken.on("error", () => {})
    await Promise.all([once(silent, "connect"), once(shaken, "secureConnect")])
    await ask(`${url}/v1/topics/t`, { method: "PUT", body: '{"partitions":1}' })
    const waiting = ask(`${url}/v1/topics/t/partitions/0/records?offset=0&wait=30s`)
    await expect.poll(async () => (await ask(`${url}/metrics`)).body).toMatch(/^stratalog_waiting_readers 1$/m)
    const ended = Promise.all([once(silent, "close"), once(shaken, "close")])
    server = undefined
    await close()
    await ended
    expect((await waiting).status).toBe(200)
  })
})

describe("a certificate that cannot be used", () => {
  it("keeps the server from starting, with a sentence, and leaves the data directory free", async () => {
    install("second", ["key"])
    await expect(start()).rejects.toThrow(/cert\.pem and .*key\.pem are not a certificate and its key/)
    writeFileSync(tls().key, "")
    await expect(start()).rejects.toThrow(/are not a certificate and its key/)
    rmSync(tls().cert)
    await expect(start()).rejects.toThrow(/--tls-cert .*cert\.pem cannot be read: ENOENT/)
    install("first")
    expect((await start()).url).toMatch(/^https:/)
  })
})

describe("strata", () => {
  it("says what is wrong with a certificate, and trusts a root of one's own", async () => {
    const serve = (args: readonly string[]) =>
      runCli(["serve", "--port", "0", "--data-dir", join(folder, "data"), ...args])
    expect(await serve(["--tls-cert", tls().cert])).toMatchObject({ code: 2 })
    const mixed = await serve(["--tls-cert", tls().cert, "--tls-key", join(folder, "none.pem")])
    expect(mixed.stderr).toMatch(/--tls-key .*none\.pem cannot be read/)
    const { url } = await start()
    const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: tls().cert, STRATALOG_URL: url }
    const main = new URL("../../sdk/cli/main.ts", import.meta.url).pathname
    const listed = spawn(process.execPath, ["--conditions=source", main, "topic", "list", "--json"], { env: trusting })
    expect((await once(listed, "close"))[0]).toBe(0)
  })
})
