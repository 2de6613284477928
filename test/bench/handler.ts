/**
 * `npm run bench:handler`: time in our own code for one warm produce of 1 KB, through the function that appends and an event
 * of an HTTP API. Storage is in memory and answers at once, so that what is left is: parse, validate, decide, map.
 */
import { BATCH_TYPE } from "stratalog/protocol"
import { encodeBatch, portableCodecs, portableCrc32c } from "stratalog/record-batch"
import { produceService } from "../../functions/compose/produce-service.ts"
import { produceEndpoints } from "../../functions/http/endpoints/produce.ts"
import type { HttpEvent } from "../../functions/lambda/events.ts"
import { everybody } from "../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../functions/lambda/limits.ts"
import { indexSizes } from "../../functions/storage/aws/dynamodb/index-sizes.ts"
import { MemoryObjectStore } from "../fakes/memory-object-store.ts"
import { createMemoryPartitionIndex } from "../fakes/memory-partition-index.ts"
import { openTemporaryStorage } from "../fakes/temporary-storage.ts"

const WARM_UP = 1_000
const REQUESTS = 5_000
const BAR_MS = 2
const TOPIC_ID = "00000000-0000-4000-8000-000000000001"
const PATH = "/v1/topics/orders/partitions/0/records"

const storage = openTemporaryStorage()
const index = createMemoryPartitionIndex()
await index.createHeads(TOPIC_ID, 1)
await storage.topics.create({ name: "orders", id: TOPIC_ID, partitions: 1, config: {}, createdAt: 1, version: 1 })
const { topics, producers } = storage
const deps = produceService(
  { index, sizes: indexSizes, objects: new MemoryObjectStore(), topics, producers },
  { limits: lambdaLimits, codecs: portableCodecs(), version: "0.0.0", settings: { rollInBackground: false } },
)
const handler = gatewayHandler(deps, { endpointsOf: produceEndpoints, pages: [], gateOf: everybody, corsOrigins: [] })

function eventOf(contentType: string, body: string, isBase64Encoded: boolean): HttpEvent {
  return {
    version: "2.0",
    rawPath: PATH,
    rawQueryString: "",
    headers: {
      "content-type": contentType,
      accept: "application/json",
      host: "log.example.com",
      "user-agent": "bench",
    },
    requestContext: { stage: "$default", http: { method: "POST" } },
    body,
    isBase64Encoded,
  }
}

const text = "x".repeat(1_000)
const batch = encodeBatch(
  { records: [{ timestamp: 1, key: null, value: new TextEncoder().encode(text) }] },
  portableCrc32c,
)
const events = {
  JSON: eventOf("application/json", JSON.stringify({ records: [{ key: "u1", value: { text } }] }), false),
  binary: eventOf(BATCH_TYPE, Buffer.from(batch).toString("base64"), true),
}

const context = { awsRequestId: "invocation", getRemainingTimeInMillis: () => 29_000 }

async function timesOf(event: HttpEvent): Promise<readonly number[]> {
  const times: number[] = []
  for (let request = 0; request < WARM_UP + REQUESTS; request++) {
    const begun = performance.now()
    const { statusCode, body } = await handler(event, context)
    times.push(performance.now() - begun)
    if (statusCode !== 200) throw new Error(body)
  }
  return times.slice(WARM_UP).toSorted((a, b) => a - b)
}

try {
  console.log(`One produce of 1 KB, ${REQUESTS} times after ${WARM_UP}; at most ${BAR_MS} ms at the median\n`)
  for (const [name, event] of Object.entries(events)) {
    const times = await timesOf(event)
    const at = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN
    const said = at(0.5) <= BAR_MS ? "pass" : "FAIL"
    console.log(`${name.padEnd(8)} median ${at(0.5).toFixed(3)} ms, 99 % ${at(0.99).toFixed(3)} ms  ${said}`)
  }
} finally {
  storage.dispose()
}
