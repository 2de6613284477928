/**
 * `npm run bench:groups`: consumer groups beside plain produce and fetch, in turns and in one run, so that only ratios matter.
 * The server is a process of its own; producers and consumers share this one. `--quick` makes it short and rough.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { Stratalog } from "stratalog"
import { groupLatency, plainLatency } from "./groups/latency.ts"
import { rebalance } from "./groups/rebalance.ts"
import { type Reading, rateOf, readings } from "./groups/throughput.ts"
import { median } from "./median.ts"
import { startStratalog } from "./processes.ts"
import { type Row, renderTable } from "./table.ts"

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    dir: { type: "string", default: "." },
    only: { type: "string" },
  },
})
const rounds = values.quick ? 1 : 3
const folder = mkdtempSync(join(values.dir, ".bench-groups-"))
const server = await startStratalog(join(folder, "data"))
const url = `http://127.0.0.1:${server.port}`
const log = new Stratalog({ url })
const rows: Row[] = []
try {
  if (wants("throughput")) await throughput()
  if (wants("latency")) await latency()
  if (wants("rebalance")) await rebalances()
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`\n${renderTable(rows)}\n`)

function wants(part: string): boolean {
  return values.only === undefined || values.only.split(",").includes(part)
}

function note(row: Row): void {
  rows.push(row)
  process.stderr.write(`${renderTable([row]).split("\n").at(-1)}\n`)
}

async function throughput(): Promise<void> {
  const records = values.quick ? 100_000 : 400_000
  const producing: number[] = []
  const rates = new Map<Reading, number[]>(readings.map((reading) => [reading, []]))
  const requests: number[] = []
  for (let round = 0; round < rounds; round++) {
    const topic = `throughput-${round}`
    await log.topics.create(topic, { partitions: 8 })
    producing.push(await rateOf.produce(log, topic, records))
    for (const reading of readings) {
      const done = await rateOf.read(url, topic, records, reading)
      rates.get(reading)?.push(done.perSecond)
      if (reading === "batches") requests.push(done.polls / done.answersWithRecords)
    }
  }
  const plain = median(rates.get("read") ?? [])
  const unit = "records/s"
  note({ what: "produce, 100 B records, 8 partitions", unit, value: median(producing) })
  note({ what: "plain read of the topic", unit, value: plain })
  const produced = { beside: "produce", limit: median(producing), bar: ">= 1" }
  note({ what: "group, batches()", unit, value: median(rates.get("batches") ?? []), ...produced })
  note({ what: "group, for await", unit, value: median(rates.get("records") ?? []), ...produced })
  note({ what: "group, run, concurrency 8", unit, value: median(rates.get("run") ?? []), ...produced })
  note({
    what: "group, batches()",
    unit,
    value: median(rates.get("batches") ?? []),
    beside: "plain read",
    limit: plain,
  })
  note({ what: "requests for an answer with records", unit: "", value: median(requests), bar: "<= 1.05" })
}

async function latency(): Promise<void> {
  const seconds = values.quick ? 2 : 5
  const plain: number[] = []
  const grouped: number[] = []
  const p99: number[] = []
  for (let round = 0; round < rounds; round++) {
    const topic = `latency-${round}`
    await log.topics.create(topic, { partitions: 1 })
    plain.push((await plainLatency(log, topic, seconds)).p50)
    const done = await groupLatency(log, topic, seconds)
    grouped.push(done.p50)
    p99.push(done.p99)
  }
  note({
    what: "append to handler through a group, 100 records/s, p50",
    unit: "ms",
    value: median(grouped),
    p99: median(p99),
    beside: "plain read that follows",
    limit: median(plain),
    bar: "<= 1.5",
  })
}

async function rebalances(): Promise<void> {
  const done = await rebalance(url, { members: 8, partitions: 64, sessionTimeoutMs: 3_000 })
  const limit = 3_000 + done.heartbeatMs
  const beside = "session time-out and a heartbeat"
  note({ what: "8 members, 64 partitions: one dies", unit: "ms", value: done.diedMs, beside, limit, bar: "<= 1" })
  note({ what: "8 members, 64 partitions: one joins", unit: "ms", value: done.joinedMs, beside, limit, bar: "<= 1" })
  note({ what: "records lost", unit: `of ${done.produced}`, value: done.lost, bar: "<= 0" })
  note({ what: "records out of their key's order", unit: "", value: done.disordered, bar: "<= 0" })
  note({ what: "records processed twice, by the death", unit: "", value: done.repeated })
}
