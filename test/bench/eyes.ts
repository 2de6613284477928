/**
 * `npm run bench:eyes`: what metrics and logs add to a produce, and what a scrape takes. With and without them in turns, in one
 * process, as a busy machine would show more difference between two runs than there is. Processor time, too, of which other
 * processes take none.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { produceRoutes } from "stratalog/protocol"
import { portableCodecs } from "stratalog/record-batch"
import { produceService } from "../../functions/compose/produce-service.ts"
import { createApi, type ExchangeObserver } from "../../functions/http/api.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import { produceEndpoints } from "../../functions/http/endpoints/produce.ts"
import type { ApiRequest } from "../../functions/http/exchange.ts"
import type { HttpEvent } from "../../functions/lambda/events.ts"
import { type Eyes, openEyes, plainEyes } from "../../functions/lambda/eyes.ts"
import { everybody } from "../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../functions/lambda/limits.ts"
import type { AppendIndex } from "../../functions/partitions/ports.ts"
import { exchangeObserver } from "../../functions/server/exchange-observer.ts"
import { serverMetrics } from "../../functions/server/metrics.ts"
import { openEmbedded } from "../../functions/server/open-embedded.ts"
import { startServer } from "../../functions/server/serve-embedded.ts"
import { indexSizes } from "../../functions/storage/aws/dynamodb/index-sizes.ts"
import { MemoryObjectStore } from "../fakes/memory-object-store.ts"
import { createMemoryPartitionIndex } from "../fakes/memory-partition-index.ts"
import { openTemporaryStorage } from "../fakes/temporary-storage.ts"
import { median } from "./median.ts"

const BAR_PERCENT = 3
const BAR_SCRAPE_MS = 1_000
const ROUNDS = 120
const WARM_UP_ROUNDS = 30
const REQUESTS = 20
const PARTITIONS = 10_000
const COMMITS = 100

const TOPIC_ID = "00000000-0000-4000-8000-000000000001"
const TOPIC = { name: "orders", id: TOPIC_ID, partitions: 1, config: {}, createdAt: 1, version: 1 }
const PATH = "/v1/topics/orders/partitions/0/records"
const BODY = JSON.stringify({ records: [{ key: "u1", value: { text: "x".repeat(1_000) } }] })
const ignore = () => undefined
const blind: ExchangeObserver = { defect: ignore }

type Send = () => Promise<unknown>

interface Times {
  /** Milliseconds a request without eyes, at the median of the rounds. */
  readonly bare: number
  /** How much more the same round took with eyes, at the median of the rounds: a busy moment of the machine meets both. */
  readonly percent: number
}

type Clock = () => number

const wall: Clock = () => performance.now()
/** Milliseconds. */
const processor: Clock = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function inTurns(clock: Clock, without: Send, within: Send): Promise<Times> {
  const bare: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    // Who comes second finds caches warm and the garbage of the first.
    const isTurned = round % 2 === 1
    const first = await timeOf(clock, isTurned ? within : without)
    const second = await timeOf(clock, isTurned ? without : within)
    if (round < WARM_UP_ROUNDS) continue
    bare.push(isTurned ? second : first)
    ratios.push(isTurned ? first / second : second / first)
  }
  return { bare: median(bare), percent: (median(ratios) - 1) * 100 }
}

async function timeOf(clock: Clock, send: Send): Promise<number> {
  const begun = clock()
  for (let request = 0; request < REQUESTS; request += 1) await send()
  return (clock() - begun) / REQUESTS
}

async function compare(what: string, clock: Clock, without: Send, within: Send): Promise<void> {
  const { bare, percent } = await inTurns(clock, without, within)
  if (clock === processor) {
    // Of a part of a produce, so that there is no bar.
    return console.log(`${what}: ${bare.toFixed(3)} ms, with eyes ${(bare * percent * 10).toFixed(0)} µs more`)
  }
  const verdict = percent <= BAR_PERCENT ? "pass" : "FAIL"
  console.log(`${what}: ${bare.toFixed(3)} ms, with eyes ${percent.toFixed(1)} % more  ${verdict}`)
  if (verdict === "FAIL") process.exitCode = 1
}

async function embeddedProduce(dataDir: string): Promise<void> {
  const embedded = await openEmbedded({ dataDir })
  await embedded.deps.log.createPartitions(TOPIC_ID, 1)
  await embedded.deps.topics.create(TOPIC)
  const { deps, access } = embedded
  const storage = { deps, access: { store: access, rememberMs: 0 }, families: () => [], close: () => embedded.close() }
  const metrics = serverMetrics(storage)
  const bare = createApi(embedded.deps, allEndpoints, blind)
  const watched = createApi(
    { ...embedded.deps, log: metrics.log },
    allEndpoints,
    exchangeObserver(metrics, ignore, storage),
  )
  const senderOf = (api: typeof bare): Send => {
    const endpoint = api.endpoints.find(({ route }) => route === produceRoutes.produceToPartition)
    if (endpoint === undefined) throw new Error("there is no such route")
    const bytes = new TextEncoder().encode(BODY)
    const request: ApiRequest = {
      params: { topic: "orders", partition: "0" },
      search: "",
      header: (name) => (name === "content-type" ? "application/json" : undefined),
      body: async () => bytes,
      signal: () => AbortSignal.abort(),
      requestId: "r1",
    }
    return () => api.run(endpoint, request)
  }
  await compare("A produce of 1 KB, embedded, time", wall, senderOf(bare), senderOf(watched))
  metrics.stop()
  await embedded.close()
}

/** What DynamoDB takes for an append, milliseconds. */
const ROUND_TRIP_MS = 5

async function functionProduce(clock: Clock): Promise<void> {
  const storage = openTemporaryStorage()
  const { topics, producers } = storage
  await topics.create(TOPIC)
  const environment = {
    STRATALOG_METRICS: "emf",
    STRATALOG_DEPLOYMENT: "Stratalog",
    STRATALOG_FUNCTION: "produce",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
  }
  const requestContext = { stage: "$default", http: { method: "POST" } }
  const headers = { "content-type": "application/json" }
  const event: HttpEvent = { version: "2.0", rawPath: PATH, rawQueryString: "", headers, requestContext, body: BODY }
  const context = { awsRequestId: "invocation", getRemainingTimeInMillis: () => 29_000 }
  const senderOf = async (eyes: Eyes): Promise<Send> => {
    const memory = createMemoryPartitionIndex()
    await memory.createHeads(TOPIC_ID, 1)
    const commit: AppendIndex["commit"] = async (partition, wanted) => {
      await delay(ROUND_TRIP_MS)
      return memory.commit(partition, wanted)
    }
    const index = clock === wall ? { ...memory, commit } : memory
    const stored = { index, sizes: indexSizes, objects: new MemoryObjectStore(), topics, producers }
    const settings = { rollInBackground: false }
    const deps = produceService(stored, { limits: lambdaLimits, codecs: portableCodecs(), version: "0.0.0", settings })
    const log = eyes.watched(deps.log)
    const options = { endpointsOf: produceEndpoints, pages: [], gateOf: everybody, corsOrigins: [], eyes }
    const handler = gatewayHandler({ ...deps, log }, options)
    return () => handler(event, context)
  }
  const write = process.stderr.write
  process.stderr.write = () => true
  await compare(
    clock === wall
      ? `A produce of 1 KB through the function, DynamoDB taking ${ROUND_TRIP_MS} ms, time`
      : "The same with storage in memory, processor time",
    clock,
    await senderOf({ ...plainEyes, exchanges: blind }),
    await senderOf(openEyes(environment)),
  )
  process.stderr.write = write
  storage.dispose()
}

async function scrape(dataDir: string): Promise<void> {
  const server = await startServer({ dataDir, port: 0, report: ignore })
  const send = (method: string, path: string, json: unknown) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    })
  await send("PUT", "/v1/topics/wide", { partitions: PARTITIONS })
  for (let first = 0; first < PARTITIONS; first += COMMITS) {
    const offsets = Array.from({ length: COMMITS }, (_, at) => ({ topic: "wide", partition: first + at, offset: 0 }))
    const answer = await send("POST", "/v1/groups/billing/offsets", { offsets })
    if (!answer.ok) throw new Error(await answer.text())
  }
  const times: number[] = []
  let lines = 0
  for (let turn = 0; turn < 10; turn += 1) {
    const begun = performance.now()
    const text = await (await fetch(`${server.url}/metrics`)).text()
    times.push(performance.now() - begun)
    lines = text.split("\n").length
  }
  const slowest = Math.max(...times)
  const verdict = slowest <= BAR_SCRAPE_MS ? "pass" : "FAIL"
  const took = `${median(times).toFixed(0)} ms at the median, ${slowest.toFixed(0)} ms the slowest`
  console.log(`A scrape of ${PARTITIONS} partitions and as many lags, ${lines} lines: ${took}  ${verdict}`)
  if (verdict === "FAIL") process.exitCode = 1
  await server.close()
}

const folder = await mkdtemp(join(tmpdir(), "stratalog-eyes-"))
try {
  console.log(`${ROUNDS} rounds of ${REQUESTS} requests in turns; at most ${BAR_PERCENT} % more`)
  await embeddedProduce(join(folder, "orders"))
  await functionProduce(wall)
  await functionProduce(processor)
  await scrape(join(folder, "wide"))
} finally {
  await rm(folder, { recursive: true, force: true })
}
