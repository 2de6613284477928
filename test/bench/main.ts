/**
 * `npm run bench`: what the log does, beside what the same machine's disk and a bare HTTP server do in the same run. Each ratio is
 * the median of rounds in which limit and log take turns. `--quick` makes it short and rough; `--json FILE` keeps the figures.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { newKey } from "../../functions/server/access/super-key.ts"
import type { AppendJob, JobResult } from "./load.ts"
import { median } from "./median.ts"
import { type BenchServer, disk, load, memoryOf, startBenchServer, startStratalog } from "./processes.ts"
import { type Row, renderTable } from "./table.ts"
import { writerAmongMany } from "./writer-among-many.ts"

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    dir: { type: "string", default: "." },
    only: { type: "string" },
  },
})
const rounds = values.quick ? 1 : 3
const milliseconds = values.quick ? 1500 : 3000
const folder = mkdtempSync(join(values.dir, ".bench-"))
const SIZES = [
  { name: "100 kB", records: 1000, recordBytes: 100, bar: ">= 0.8" },
  { name: "1 MB", records: 1000, recordBytes: 1000, bar: ">= 0.7" },
] as const
const rows: Row[] = []
let peakMemory = 0

const hono = await startBenchServer(["test/bench/limits/bare-hono.ts"])
const http = await startBenchServer(["test/bench/limits/bare-http.ts"])
const log = await startStratalog(join(folder, "data"))
try {
  if (wants("start")) await startUp()
  if (wants("small")) await smallAppends()
  if (wants("access")) await keys()
  if (wants("batches")) await batches()
  if (wants("reads")) await reads()
  if (wants("latency")) await latency()
  note({ what: "memory of the server, peak", unit: "MB", value: peakMemory, bar: "<= 400" })
} finally {
  peak()
  await Promise.all([hono.stop(), http.stop(), log.stop()])
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`\n${renderTable(rows)}\n`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)

function wants(part: string): boolean {
  return values.only === undefined || values.only.split(",").includes(part)
}

function note(row: Row): void {
  rows.push(row)
  process.stderr.write(`${renderTable([row]).split("\n").at(-1)}\n`)
}

function peak(): void {
  peakMemory = Math.max(peakMemory, memoryOf(log.process).peak)
}

async function startUp(): Promise<void> {
  const took: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const server = await startStratalog(join(folder, `start-${round}`))
    await topic(server, "first")
    const path = `http://127.0.0.1:${server.port}/v1/topics/first/partitions/0/records`
    await fetch(path, { method: "POST", body: '{"records":[{"value":1}]}' })
    took.push(performance.now() - start)
    await server.stop()
  }
  note({ what: "start to first acknowledgement", unit: "ms", value: median(took), bar: "<= 1000" })
}

async function smallAppends(): Promise<void> {
  await warmUp()
  await topic(log, "small")
  for (const connections of [1, 64]) {
    for (const form of ["batch", "json"] as const) {
      const ours: number[] = []
      const echo: number[] = []
      const synced: number[] = []
      const p99: number[] = []
      for (let round = 0; round < rounds; round++) {
        echo.push(await rate(hono, "/echo/small/records", form, connections))
        if (connections === 1) synced.push((await disk(join(folder, "disk"), 170, milliseconds)).perSecond)
        const done = await appendTo(log, "small", { connections, form, records: 1, recordBytes: 100 })
        ours.push(done.requests / done.seconds)
        p99.push(done.p99)
      }
      peak()
      const limit = connections === 1 ? Math.min(median(echo), median(synced)) : median(echo)
      note({
        what: `100 B appends, ${connections} connection${connections === 1 ? "" : "s"}, ${form}`,
        unit: "/s",
        value: median(ours),
        p99: median(p99),
        beside: connections === 1 ? "slower of bare hono echo and fsync a record" : "bare hono echo",
        limit,
        bar: connections === 1 ? ">= 0.4" : ">= 0.7",
      })
    }
  }
}

/** What it costs that callers show a key: the same appends, in turns, by a principal among a thousand access control lists. */
async function keys(): Promise<void> {
  const superKey = newKey()
  const locked = await startStratalog(join(folder, "locked"), superKey)
  try {
    const apiKey = await writerAmongMany(locked, superKey, "keys")
    await topic(log, "keys")
    for (const connections of [1, 64]) {
      const rates = { open: [] as number[], keyed: [] as number[] }
      const job = { connections, form: "batch", records: 1, recordBytes: 100 } as const
      for (let round = 0; round < rounds * 2; round++) {
        const open = await appendTo(log, "keys", job)
        const keyed = await appendTo(locked, "keys", { ...job, apiKey })
        rates.open.push(open.requests / open.seconds)
        rates.keyed.push(keyed.requests / keyed.seconds)
      }
      peak()
      note({
        what: `100 B appends with a key, ${connections} connection${connections === 1 ? "" : "s"}`,
        unit: "/s",
        value: median(rates.keyed),
        beside: "the same without access control",
        limit: median(rates.open),
      })
    }
  } finally {
    await locked.stop()
  }
}

async function batches(): Promise<void> {
  for (const { name, records, recordBytes, bar } of SIZES) {
    const size = records * recordBytes
    for (const connections of [1, 8, 64]) {
      // A topic of its own, deleted afterwards: the bench needs no more disk than one workload.
      const topicName = `batches-${size}-${connections}`
      await topic(log, topicName)
      const ours: number[] = []
      const synced: number[] = []
      const p99: number[] = []
      for (let round = 0; round < rounds; round++) {
        synced.push(((await disk(join(folder, "disk"), size, milliseconds)).perSecond * size) / 1e6)
        const done = await appendTo(log, topicName, { connections, form: "batch", records, recordBytes })
        ours.push(done.bytes / done.seconds / 1e6)
        p99.push(done.p99)
      }
      peak()
      await fetch(`http://127.0.0.1:${log.port}/v1/topics/${topicName}`, { method: "DELETE" })
      note({
        what: `${name} batches, ${connections} in flight`,
        unit: "MB/s",
        value: median(ours),
        p99: median(p99),
        beside: `Node writes and fsyncs ${name} blocks`,
        limit: median(synced),
        ...(connections === 8 && { bar }),
      })
    }
  }
}

async function reads(): Promise<void> {
  await topic(log, "reads")
  await appendTo(log, "reads", { connections: 4, form: "batch", records: 1000, recordBytes: 100 })
  const path = "/v1/topics/reads/partitions/0/records?maxBytes=1048576&"
  for (const connections of [1, 8]) {
    const ours: number[] = []
    const bare: number[] = []
    for (let round = 0; round < rounds; round++) {
      bare.push(await readRate(http, "/", connections, false))
      ours.push(await readRate(log, path, connections, true))
    }
    peak()
    note({
      what: `catch-up reads of 1 MiB, ${connections} reader${connections === 1 ? "" : "s"}`,
      unit: "MB/s",
      value: median(ours),
      beside: "node:http sends 1 MiB",
      limit: median(bare),
      bar: ">= 0.5",
    })
  }
}

async function latency(): Promise<void> {
  await topic(log, "latency")
  const ours: number[] = []
  const p99: number[] = []
  const fsync: number[] = []
  const echo: number[] = []
  const path = "/v1/topics/latency/partitions/0/records"
  for (let round = 0; round < rounds; round++) {
    fsync.push((await disk(join(folder, "disk"), 170, milliseconds, 100)).medianMs)
    const paced = {
      kind: "paced",
      port: hono.port,
      path: "/echo/latency/records",
      perSecond: 100,
      milliseconds,
    } as const
    echo.push((await load(paced)).p50)
    const done = await load({
      kind: "latency",
      port: log.port,
      path,
      perSecond: 100,
      milliseconds: milliseconds + 2000,
    })
    ours.push(done.p50)
    p99.push(done.p99)
  }
  peak()
  note({
    what: "append to delivery, 100 records/s, p50",
    unit: "ms",
    value: median(ours),
    p99: median(p99),
    beside: "one write and fsync at that pace",
    limit: median(fsync),
    bar: "<= 3",
  })
  note({
    what: "the same beside a bare round trip",
    unit: "ms",
    value: median(ours),
    beside: "bare hono echo at that pace",
    limit: median(echo),
  })
}

async function topic(server: BenchServer, name: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/topics/${name}`, { method: "PUT" })
  if (!response.ok) throw new Error(await response.text())
}

async function appendTo(
  server: BenchServer,
  name: string,
  job: Pick<AppendJob, "connections" | "form" | "records" | "recordBytes" | "apiKey">,
): Promise<JobResult> {
  const path = `/v1/topics/${name}/partitions/0/records`
  const done = await load({ kind: "append", port: server.port, path, milliseconds, ...job })
  if (done.errors > 0) throw new Error(`${done.errors} appends failed`)
  return done
}

async function rate(server: BenchServer, path: string, form: "json" | "batch", connections: number): Promise<number> {
  const job = { connections, form, records: 1, recordBytes: 100, milliseconds }
  const done = await load({ kind: "append", port: server.port, path, ...job })
  return done.requests / done.seconds
}

/** Compilers and caches of both servers are warm before the first round, or the first row would be another machine's. */
async function warmUp(): Promise<void> {
  await topic(log, "warm")
  for (const form of ["batch", "json"] as const) {
    await rate(hono, "/echo/warm/records", form, 16)
    await appendTo(log, "warm", { connections: 16, form, records: 1, recordBytes: 100 })
  }
}

async function readRate(server: BenchServer, path: string, connections: number, follow: boolean): Promise<number> {
  const done = await load({ kind: "read", port: server.port, path, connections, follow, milliseconds })
  if (done.errors > 0) throw new Error(`${done.errors} reads failed`)
  return done.bytes / done.seconds / 1e6
}
