/** The least that node:http does to send 1 MiB. Prints its port. */
import { createServer } from "node:http"

const body = Buffer.alloc(1024 ** 2, 120)
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": body.length })
  response.end(body)
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`)
})
