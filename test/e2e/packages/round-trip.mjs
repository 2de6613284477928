import { Stratalog } from "stratalog"
import { startTestServer } from "stratalog-server/testing"

const server = await startTestServer()
const log = new Stratalog({ url: server.url })
await log.topics.create("orders", { partitions: 1 })
await log.topic("orders").produce({ key: "u1", value: { qty: 2 } })
for await (const { partition, offset, key, value } of log.topic("orders").read()) {
  console.log(partition, offset, key, value)
}
await server.close()
