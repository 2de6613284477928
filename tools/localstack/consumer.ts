/**
 * `npm run localstack:consumer`: the example of a Lambda consumer, deployed beside a Stratalog that tells of appends, and
 * shown to be woken by them. Exits with 1 where an order is not invoiced.
 */
import { setTimeout as sleep } from "node:timers/promises"
import { Stratalog } from "stratalog"
import { deploy, destroy, isUp, localStackEndpoint } from "./cdk.ts"
import { deployStratalog } from "./stratalog.ts"
import type { Deployed } from "./urls.ts"

const APP = "node --conditions=source examples/lambda-consumer/app.ts"

/** LocalStack starts functions slowly the first time, and its queues are asked every second or so. */
const PATIENCE_MS = 120_000

if (import.meta.main) process.exitCode = await main()

async function main(): Promise<number> {
  const endpoint = localStackEndpoint()
  if (!(await isUp(endpoint))) return 1
  const deployed = await deployStratalog(endpoint, "-c", "news=true")
  return deployed !== undefined && (await tryConsumer(endpoint, deployed)) ? 0 : 1
}

/** Beside a Stratalog that tells of appends. Says what it sees. */
export async function tryConsumer(endpoint: string, deployed: Deployed): Promise<boolean> {
  if (deployed.newsTopic === undefined) return false
  const log = new Stratalog({ url: deployed.api })
  for (const topic of ["orders", "invoices", "orders-dead"]) await log.topics.create(topic, { partitions: 3 })
  if ((await deploy(endpoint, "--app", APP, ...contextOf(deployed))) === undefined) return false
  const run = crypto.randomUUID()
  const orders = Array.from({ length: 30 }, (_, at) => ({ key: `${run}/c${at % 5}`, value: { cents: at } }))
  const spoilt = { key: `${run}/c0`, value: "no order" }
  const producer = log.topic("orders").producer()
  await Promise.all([...orders.slice(0, 15), spoilt, ...orders.slice(15)].map((order) => producer.send(order)))
  console.log(`${orders.length} orders and one that is none are written; waiting for their invoices…`)
  const invoiced = () => countOf(log, "invoices", run)
  const dead = () => countOf(log, "orders-dead", run)
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(500)) {
    if ((await invoiced()) === orders.length && (await dead()) === 1) {
      console.log(`ok: ${orders.length} invoices are written, and what was no order lies in orders-dead`)
      return true
    }
  }
  console.error(`FAILED: ${await invoiced()} of ${orders.length} invoices, ${await dead()} of 1 dead letters`)
  return false
}

export function removeConsumer(endpoint: string, deployed: Deployed): Promise<boolean> {
  return destroy(endpoint, "--all", "--app", APP, ...contextOf(deployed))
}

function contextOf({ api, newsTopic }: Deployed): readonly string[] {
  return ["-c", `url=${api}`, "-c", `newsTopicArn=${newsTopic}`]
}

/** How many different orders of this run the topic tells of. */
async function countOf(log: Stratalog, topic: string, run: string): Promise<number> {
  const found = new Set<string>()
  for await (const { key, value } of log.topic(topic).read()) if (key?.startsWith(run)) found.add(JSON.stringify(value))
  return found.size
}
