/** Connections that take time and memory and give nothing: each is ended, and nobody else notices. */
import { mkdtemp, rm } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { ServerBounds } from "../../functions/server/bounds/bounds.ts"
import { type RawConnection, rawConnection } from "./raw-connection.ts"

/** Of a server to which everybody is too slow. */
const bounds: Partial<ServerBounds> = {
  headersTimeoutMs: 300,
  requestTimeoutMs: 600,
  handshakeTimeoutMs: 300,
  checkEveryMs: 50,
}

let folder: string
let server: RunningServer
/** Callers of the other servers may be as slow as this machine is. */
let patient: RunningServer
const told: Readonly<Record<string, unknown>>[] = []
const connections: RawConnection[] = []
const trickles: NodeJS.Timeout[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stratalog-slow-connections-"))
  server = await start("data", bounds)
  patient = await start("patient", {})
})
afterEach(() => {
  for (const trickle of trickles.splice(0)) clearInterval(trickle)
  for (const connection of connections.splice(0)) connection.close()
})
afterAll(async () => {
  await server.close()
  await patient.close()
  await rm(folder, { recursive: true })
})

function start(name: string, given: Partial<ServerBounds>, tls = false): Promise<RunningServer> {
  const file = (kind: string) => new URL(`../fixtures/tls/first-${kind}.pem`, import.meta.url).pathname
  const report = (event: Readonly<Record<string, unknown>>) => void told.push(event)
  const certificate = tls ? { tls: { cert: file("cert"), key: file("key") } } : {}
  return startServer({ dataDir: join(folder, name), port: 0, bounds: given, report, ...certificate })
}

async function open(port = server.port): Promise<RawConnection> {
  const connection = await rawConnection(port)
  connections.push(connection)
  return connection
}

/** Sends `piece` again and again, far more often than any timeout. */
function trickle(connection: RawConnection, piece: string): void {
  trickles.push(setInterval(() => connection.send(piece), 20))
}

const headersOf = (length: string) => `POST /v1/topics/t/partitions/0/records HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`

describe("what never becomes a whole request is ended with 408", () => {
  it("a connection without a word", async () => {
    expect(await (await open()).ended()).toMatch(/^HTTP\/1\.1 408 /)
  })

  it("headers that come one after the other without an end", async () => {
    const connection = await open()
    connection.send("GET /v1/limits HTTP/1.1\r\nHost: x\r\n")
    trickle(connection, "a: b\r\n")
    expect(await connection.ended()).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
  })

  it.each([
    ["to a partition, with its length", headersOf("Content-Length: 100000"), "x"],
    ["to a partition, in chunks", headersOf("Transfer-Encoding: chunked"), "1\r\nx\r\n"],
    ["to another route", "POST /v1/produce HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", "x"],
    ["behind an Expect", headersOf("Content-Length: 100000\r\nExpect: 100-continue"), "x"],
  ])("a body that trickles %s", async (_what, head, piece) => {
    const connection = await open()
    connection.send(head)
    trickle(connection, piece)
    expect(await connection.ended()).toMatch(/HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
  })

  it("a second request of a connection", async () => {
    // Of the first one that much time has to be enough.
    const slower = await start("slower", { ...bounds, headersTimeoutMs: 3_000, requestTimeoutMs: 6_000 })
    try {
      const connection = await open(slower.port)
      connection.send("GET /v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
      await connection.until(/"status":"ok"/)
      connection.send("GET /v1/limits HTTP/1.1\r\n")
      expect(await connection.ended()).toMatch(/^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 408 /)
    } finally {
      await slower.close()
    }
  })
})

describe("a caller that is refused", () => {
  it("is closed although it never closes its side", async () => {
    const connection = await open(patient.port)
    connection.socket.allowHalfOpen = true
    connection.send("hello\r\n\r\n")
    trickle(connection, "hello\r\n\r\n")
    expect(await connection.ended()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_request"/)
  })

  it("gets no refusal into the middle of an answer", async () => {
    const connection = await open(patient.port)
    connection.send('PUT /v1/topics/waited HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{"partitions":1}')
    await connection.until(/"name":"waited"/)
    connection.send("GET /v1/topics/waited/partitions/0/records?wait=300ms HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
    const answers = await connection.ended()
    expect(answers).toContain('"records":[]')
    expect(answers).not.toContain("HTTP/1.1 400")
  })

  it("is answered for what came whole before, and waits for no rest that cannot come", async () => {
    const live = "GET /v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    const broken = "POST /v1/produce HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n"
    for (const behind of ["nonsense\r\n\r\n", broken]) {
      const connection = await open(patient.port)
      connection.send(live.repeat(3) + behind)
      expect((await connection.ended()).match(/"status":"ok"/g)).toHaveLength(3)
    }
  })

  it("has too many headers, or says twice who it is", async () => {
    const many = await open(patient.port)
    many.send(`GET /v1/limits HTTP/1.1\r\nHost: x\r\n${"a: b\r\n".repeat(150)}\r\n`)
    expect(await many.ended()).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/)
    const twice = await open(patient.port)
    twice.send("GET /v1/limits HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n")
    expect(await twice.ended()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_request"/)
  })

  it("has a line or headers that are too long", async () => {
    const connection = await open(patient.port)
    connection.send(`GET /v1/limits?${"a".repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)
    expect(await connection.ended()).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/)
  })
})

describe("many connections", () => {
  it("are closed at once beyond the bound, and there is room again when others leave", async () => {
    const small = await start("few", { maxConnections: 3 })
    try {
      const within = await Promise.all([open(small.port), open(small.port), open(small.port)])
      expect(await (await open(small.port)).ended()).toBe("")
      within[0]?.close()
      await expect
        .poll(
          async () => {
            const connection = await open(small.port)
            connection.send("GET /v1/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return connection.ended()
          },
          { timeout: 30_000 },
        )
        .toMatch(/^HTTP\/1\.1 200 /)
    } finally {
      await small.close()
    }
  })

  it("that stall in the TLS handshake are ended", async () => {
    const secure = await start("secure", bounds, true)
    try {
      const silent = connect(secure.port, "127.0.0.1")
      const ended = new Promise<void>((resolve) => silent.once("close", () => resolve()))
      silent.on("error", () => {})
      silent.resume()
      // The beginning of a ClientHello, and no more of it.
      silent.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))
      await ended
    } finally {
      await secure.close()
    }
  })
})

describe("readers that do not take their answers", () => {
  const RECORD = 700_000
  const RECORDS = 12

  async function serverWithRecords(given: Partial<ServerBounds>): Promise<RunningServer> {
    const filled = await start(`filled-${JSON.stringify(given).length}`, given)
    const json = (method: string, path: string, body: unknown) =>
      fetch(`${filled.url}${path}`, {
        method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    await json("PUT", "/v1/topics/large", { partitions: 1 })
    for (let index = 0; index < RECORDS; index++) {
      const answer = await json("POST", "/v1/topics/large/partitions/0/records", {
        records: [{ value: "x".repeat(RECORD) }],
      })
      expect(answer.status).toBe(200)
    }
    return filled
  }

  const all = "GET /v1/topics/large/partitions/0/records?maxBytes=16777216 HTTP/1.1\r\nHost: x\r\n\r\n"
  const stream = `GET /v1/topics/large/partitions/0/records?maxBytes=16777216 HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`
  const wholeAnswer = RECORD * RECORDS

  it.each([
    ["an answer", all],
    ["a stream of events", stream],
  ])("are cut off when they take nothing of %s for too long", async (_what, request) => {
    const filled = await serverWithRecords({ readerGraceMs: 100, slowestReader: 50_000_000 })
    try {
      const reader = await open(filled.port)
      reader.stopReading()
      reader.send(request)
      await expect
        .poll(() => told.some(({ event }) => event === "slow_readers_cut_off"), { timeout: 30_000 })
        .toBe(true)
      reader.socket.resume()
      expect((await reader.ended()).length).toBeLessThan(wholeAnswer)
    } finally {
      told.length = 0
      await filled.close()
    }
  })

  it("are cut off, the oldest first, when too much waits over all", async () => {
    const filled = await serverWithRecords({ maxUnsentBytes: 2.5 * wholeAnswer })
    try {
      const readers: RawConnection[] = []
      for (let index = 0; index < 5; index++) {
        const reader = await open(filled.port)
        reader.stopReading()
        reader.send(all)
        readers.push(reader)
        await expect.poll(() => reader.socket.bytesWritten).toBe(all.length)
      }
      await expect
        .poll(() => told.some(({ event }) => event === "slow_readers_cut_off"), { timeout: 30_000 })
        .toBe(true)
      const honest = await (await fetch(`${filled.url}/v1/topics/large/partitions/0/records?maxBytes=16777216`)).text()
      expect(honest.length).toBeGreaterThan(wholeAnswer)
      for (const { socket } of readers) socket.resume()
      expect((await readers[0]?.ended())?.length).toBeLessThan(wholeAnswer)
      const last = readers.at(-1)
      await expect.poll(() => last?.received().length, { timeout: 30_000 }).toBeGreaterThan(wholeAnswer)
    } finally {
      told.length = 0
      await filled.close()
    }
  })
})
