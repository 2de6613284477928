import { once } from "node:events"
import { createServer } from "node:http"
import { connect } from "node:net"
import { expect, it } from "vitest"
import { silentConnections } from "../../../../functions/server/bounds/silent-connections.ts"

it("lets a server close that somebody connected to without a word", async () => {
  const server = createServer((_request, response) => response.end("ok"))
  const silent = silentConnections(server)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const [, quiet] = await Promise.all([once(server, "connection"), connect(port, "127.0.0.1")])
  const ended = once(quiet, "close")
  const closed = once(server, "close")
  server.close()
  server.closeIdleConnections()
  silent.close()
  await Promise.all([ended, closed])
  expect(server.listening).toBe(false)
})

it("leaves those alone that are being answered", async () => {
  const server = createServer()
  const silent = silentConnections(server)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const answer = fetch(`http://127.0.0.1:${port}/`)
  const [, response] = await once(server, "request")
  silent.close()
  response.end("whole")
  expect(await (await answer).text()).toBe("whole")
  server.close()
  server.closeAllConnections()
})
