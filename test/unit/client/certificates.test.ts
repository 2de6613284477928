/** A server whose certificate nobody here trusts, asked by the client and by `strata`. */
import { readFileSync } from "node:fs"
import { createServer as createHttpServer } from "node:http"
import { createServer } from "node:https"
import { ConnectionError, Stratalog } from "stratalog"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type LoopbackServer, listenOnLoopback } from "../../aws/loopback-server.ts"
import { runCli } from "../../fakes/cli-io.ts"

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url))

let [connections, requests] = [0, 0]
let secure: LoopbackServer
let plain: LoopbackServer
beforeAll(async () => {
  const tls = { cert: fixture("first-cert"), key: fixture("first-key") }
  const server = createServer(tls, (_request, response) => {
    requests++
    response.end("{}")
  })
  server.on("connection", () => connections++)
  server.on("tlsClientError", () => undefined)
  secure = await listenOnLoopback(server)
  plain = await listenOnLoopback(createHttpServer((_request, response) => void response.end("{}")))
})
afterAll(() => Promise.all([secure.stop(), plain.stop()]))

const https = (endpoint: string) => endpoint.replace(/^http:/, "https:")

describe("a certificate that is not trusted", () => {
  it("is told as such: nothing was sent, and nothing is tried again", async () => {
    const log = new Stratalog({ url: https(secure.endpoint) })
    const error = await log
      .topic("orders")
      .produce({ value: 1 })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      code: "connection_failed",
      detail: expect.stringContaining("Cannot connect to https://"),
      retryable: false,
      sideEffects: "none",
      url: https(secure.endpoint),
      reason: "DEPTH_ZERO_SELF_SIGNED_CERT",
    })
    expect([connections, requests]).toEqual([1, 0])
  })

  it("ends a producer's records at once", async () => {
    connections = 0
    await using producer = new Stratalog({ url: https(secure.endpoint) }).topic("orders").producer()
    await expect(producer.send({ value: 1 })).rejects.toMatchObject({ code: "connection_failed", retryable: false })
    expect([connections, requests]).toEqual([1, 0])
  })
})

describe("strata", () => {
  const strata = (url: string, line: string) => runCli([...line.split(" "), "--url", url])

  it("says what to do about it, whatever was asked", async () => {
    for (const line of ["topic list", "topic create orders", "produce orders 1", "key create --principal User:a"]) {
      const { code, stderr } = await strata(https(secure.endpoint), line)
      expect([line, code, stderr]).toEqual([line, 3, expect.stringContaining("NODE_EXTRA_CA_CERTS")])
      expect(stderr).not.toMatch(/Is a server running|Start a server|may or may not/)
    }
  })

  it("says so where the other of http and https is spoken", async () => {
    const clear = await strata(https(plain.endpoint), "topic list")
    expect(clear).toMatchObject({ code: 3, stderr: expect.stringContaining("say http:// instead of https://") })
    const inTheClear = await strata(secure.endpoint, "topic create orders")
    expect(inTheClear).toMatchObject({ code: 3, stderr: expect.stringMatching(/https/) })
  })
})
