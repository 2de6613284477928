import { once } from "node:events"
import { createServer } from "node:http"
import type { Socket } from "node:net"
import { afterEach, expect, it } from "vitest"
import { type Answer, type OneAtATime, oneAtATime } from "../../../../functions/server/bounds/one-at-a-time.ts"
import { listenOnLoopback } from "../../../aws/loopback-server.ts"
import { rawConnection } from "../../../e2e/raw-connection.ts"

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function serverOf(answer: Answer) {
  const server = createServer()
  const exchanges = oneAtATime(answer)
  server.on("request", exchanges.answer)
  const { endpoint, stop } = await listenOnLoopback(server)
  ends.push(stop)
  return { server, exchanges, port: Number(new URL(endpoint).port) }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

it("begins a request of a connection when the one before it is answered", async () => {
  const begun: string[] = []
  const atOnce: number[] = []
  let running = 0
  const { port } = await serverOf(({ url = "" }, response) => {
    begun.push(url)
    atOnce.push(++running)
    response.once("finish", () => running--)
    setImmediate(() => response.end(url))
  })
  const client = await rawConnection(port)
  client.send(Array.from({ length: 50 }, (_, index) => get(`/${index}`)).join(""))
  const text = await client.until(/\/49$/)
  expect(begun).toEqual(Array.from({ length: 50 }, (_, index) => `/${index}`))
  expect([...text.matchAll(/\r\n\r\n(\/\d+)/g)].map(([, url]) => url)).toEqual(begun)
  expect(new Set(atOnce)).toEqual(new Set([1]))
  client.close()
})

it("reads no more from a connection while many requests of it wait, and all of them in the end", async () => {
  const sockets: Socket[] = []
  let answered = 0
  let release = () => {}
  const { port } = await serverOf((request, response) => {
    const end = () => {
      answered++
      response.end()
    }
    if (sockets.push(request.socket) === 1) release = end
    else end()
  })
  const client = await rawConnection(port)
  const count = 20_000
  client.send(get("/").repeat(count))
  await expect.poll(() => sockets[0]?.isPaused()).toBe(true)
  expect(sockets[0]?.bytesRead).toBeLessThan((get("/").length * count) / 2)
  expect(answered).toBe(0)
  release()
  await expect.poll(() => answered, { timeout: 30_000 }).toBe(count)
  client.close()
})

it("begins nothing behind an answer that ends its connection", async () => {
  const begun: string[] = []
  const { port } = await serverOf((request, response) => {
    begun.push(request.url ?? "")
    response.setHeader("connection", "close")
    response.end("refused")
  })
  const client = await rawConnection(port)
  client.send(get("/a") + get("/hidden").repeat(3))
  expect(await client.ended()).toMatch(/refused$/)
  expect(begun).toEqual(["/a"])
})

it("tells what is being answered, and begins nothing more for a caller that is gone", async () => {
  const sockets: Socket[] = []
  const begun: string[] = []
  const server: { exchanges: OneAtATime; port: number } = await serverOf((request) => {
    begun.push(request.url ?? "")
    sockets.push(request.socket)
  })
  const client = await rawConnection(server.port)
  client.send(get("/a") + get("/b"))
  await expect.poll(() => begun).toEqual(["/a"])
  const [socket] = sockets
  if (socket === undefined) throw new Error("no connection")
  expect(server.exchanges.current(socket)?.request.url).toBe("/a")
  const closed = once(socket, "close")
  client.close()
  await closed
  await expect.poll(() => server.exchanges.current(socket)).toBeUndefined()
  expect(begun).toEqual(["/a"])
})
