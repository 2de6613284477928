import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

let server: RunningServer
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "stratalog-broken-requests-"))
  server = await startServer({ dataDir, port: 0 })
})
afterAll(async () => {
  await server.close()
  await rm(dataDir, { recursive: true })
})

/** Sends bytes as they are; the whole answer, once the server has closed the connection. */
async function answerTo(request: string): Promise<string> {
  const socket = connect(server.port, "127.0.0.1")
  const chunks: Buffer[] = []
  socket.on("data", (chunk: Buffer) => chunks.push(chunk))
  socket.write(request)
  await once(socket, "close")
  return Buffer.concat(chunks).toString()
}

describe("what is no request to the API", () => {
  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    ["a Host that is none", "GET /v1/limits HTTP/1.1\r\nHost: bad host\r\nConnection: close\r\n\r\n"],
    ["no Host", "GET /v1/limits HTTP/1.0\r\n\r\n"],
    ["a backslash in the path", "GET /v1\\limits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ["another scheme", "GET ftp://x/v1/limits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
  ])("%s gets a problem", async (_what, request) => {
    const answer = await answerTo(request)
    expect(answer).toMatch(/^HTTP\/1\.[01] 400 /)
    expect(answer.toLowerCase()).toContain("content-type: application/problem+json")
    expect(answer).toContain('"code":"invalid_request"')
  })

  it("leaves the server as it was", async () => {
    expect((await fetch(`${server.url}/v1/health`)).status).toBe(200)
  })
})
