/** A redirect turns a POST into a GET, whose success is none of what was asked for. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import { Stratalog } from "stratalog"
import { signedFetch } from "stratalog/aws"
import { startTestServer, type TestServer } from "stratalog-server/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type LoopbackServer, listenOnLoopback } from "../../aws/loopback-server.ts"

let service: TestServer
let direct: Stratalog
const redirecting: LoopbackServer[] = []

beforeAll(async () => {
  service = await startTestServer()
  direct = new Stratalog({ url: service.url })
  await direct.topics.create("orders", { partitions: 1 })
})

afterAll(async () => {
  for (const server of redirecting) await server.stop()
  await service.close()
})

async function listening(server: Server): Promise<string> {
  const started = await listenOnLoopback(server)
  redirecting.push(started)
  return started.endpoint
}

function sendingTo(url: string, status: number): Promise<string> {
  return listening(
    createServer((request, response) => {
      request.resume()
      response.writeHead(status, { location: url + (request.url ?? "") }).end()
    }),
  )
}

describe.each([301, 302, 303, 307, 308])("a redirect by %i", (status) => {
  it("is an error that says where the server is, and never an append that did not happen", async () => {
    const log = new Stratalog({ url: await sendingTo(service.url, status) })
    await expect(log.topic("orders").produce({ value: 1 }, { partition: 0 })).rejects.toMatchObject({
      code: "unexpected_response",
      status,
      retryable: false,
      sideEffects: "none",
      detail: expect.stringContaining(service.url),
    })
    expect(await direct.topic("orders").offsets()).toMatchObject([{ highWatermark: 0 }])
  })
})

async function listeningFor(seen: IncomingHttpHeaders[]): Promise<string> {
  const server = createServer((request, response) => {
    seen.push(request.headers)
    response.end("{}")
  })
  return listening(server)
}

it("takes no session token to where a redirect leads", async () => {
  const seen: IncomingHttpHeaders[] = []
  const elsewhere = await listeningFor(seen)
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" }
  const send = signedFetch({ credentials, region: "eu-central-1" })
  await send(`${await sendingTo(elsewhere, 302)}/v1/limits`, {})
  expect(seen).toEqual([])
})

it.each([301, 307])("takes no API key to where a redirect by %i leads", async (status) => {
  const seen: IncomingHttpHeaders[] = []
  const elsewhere = await listeningFor(seen)
  const log = new Stratalog({ url: await sendingTo(elsewhere, status), apiKey: "stk_1_secret" })
  await expect(log.limits()).rejects.toMatchObject({ code: "unexpected_response", status })
  expect(seen).toEqual([])
})
