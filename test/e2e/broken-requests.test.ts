import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { rawConnection } from "./raw-connection.ts"

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
  const connection = await rawConnection(server.port)
  connection.send(request)
  return connection.ended()
}

/** Framings of which two servers in a row may think differently: then a request can be hidden in another one. */
const FRAMINGS = [
  "Content-Length: 60\r\nTransfer-Encoding: chunked\r\n",
  "Transfer-Encoding: chunked\r\nContent-Length: 60\r\n",
  "Content-Length: 0\r\nContent-Length: 60\r\n",
  "Content-Length: 60, 0\r\n",
  "Content-Length: +60\r\n",
  "Content-Length : 60\r\n",
  "Transfer-Encoding: chunked, identity\r\n",
  "Transfer-Encoding: identity, chunked\r\n",
  "Transfer-Encoding: xchunked\r\n",
  "Transfer-Encoding : chunked\r\n",
  "Transfer-Encoding:\u000bchunked\r\n",
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
  "X: y\rTransfer-Encoding: chunked\r\n",
  "X: y\nTransfer-Encoding: chunked\r\n",
]

describe("a request hidden in another one", () => {
  it.each(FRAMINGS)("is not done: %j", async (framing) => {
    const outer = `POST /v1/topics/t/records HTTP/1.1\r\nHost: x\r\n${framing}\r\n`
    const hidden = "PUT /v1/topics/hidden HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    for (const between of ["", "0\r\n\r\n"]) {
      expect(await answerTo(outer + between + hidden)).toMatch(/^HTTP\/1\.1 400 /)
    }
    expect((await fetch(`${server.url}/v1/topics/hidden`)).status).toBe(404)
  })
})

describe("what is no request to the API", () => {
  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    ["a Host that is none", "GET /v1/limits HTTP/1.1\r\nHost: bad host\r\nConnection: close\r\n\r\n"],
    [
      "a Host that looks like one",
      `POST /v1/produce HTTP/1.1\r\nHost: .1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
    ],
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
