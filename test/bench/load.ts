/**
 * A process that puts load on a server: it reads one job from its arguments and prints one line of JSON. It is a process
 * of its own, so that it has a core of its own.
 */
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { HttpConnection, request } from "./http-connection.ts"

export interface AppendJob {
  readonly kind: "append"
  readonly port: number
  readonly path: string
  readonly form: "json" | "batch"
  readonly connections: number
  readonly records: number
  readonly recordBytes: number
  readonly milliseconds: number
  /** Shown with every request. */
  readonly apiKey?: string
}

export interface ReadJob {
  readonly kind: "read"
  readonly port: number
  /** Without offset; ends in `?` or `&`. Absent offset parameter: the same path again and again. */
  readonly path: string
  readonly connections: number
  readonly milliseconds: number
  /** Follow `Stratalog-Next-Offset` and begin again at the end. */
  readonly follow: boolean
}

export interface LatencyJob {
  readonly kind: "latency"
  readonly port: number
  readonly path: string
  readonly perSecond: number
  readonly milliseconds: number
}

/** Single requests at a pace, each answered before the next: what a round trip costs where nothing is warm. */
export interface PacedJob {
  readonly kind: "paced"
  readonly port: number
  readonly path: string
  readonly perSecond: number
  readonly milliseconds: number
}

export type Job = AppendJob | ReadJob | LatencyJob | PacedJob

export interface JobResult {
  readonly requests: number
  readonly bytes: number
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
}

const BATCH_HEADERS = ["Content-Type: application/vnd.kafka.record-batch"]

async function run(job: Job): Promise<JobResult> {
  if (job.kind === "append") return append(job)
  if (job.kind === "paced") return paced(job)
  return job.kind === "read" ? read(job) : latency(job)
}

function appendRequest({ path, form, records, recordBytes, apiKey }: AppendJob): Buffer {
  const shown = apiKey === undefined ? [] : [`Authorization: Bearer ${apiKey}`]
  if (form === "json") {
    const record = { value: "x".repeat(recordBytes) }
    const body = Buffer.from(JSON.stringify({ records: Array.from({ length: records }, () => record) }))
    return request("POST", path, ["Content-Type: application/json", ...shown], body)
  }
  return request("POST", path, [...BATCH_HEADERS, ...shown], batchOf(records, recordBytes))
}

function batchOf(records: number, recordBytes: number, value = new Uint8Array(recordBytes).fill(120)): Uint8Array {
  const record = { timestamp: Date.now(), key: null, value }
  return encodeBatch({ records: Array.from({ length: records }, () => record) }, portableCrc32c)
}

async function append(job: AppendJob): Promise<JobResult> {
  const bytes = appendRequest(job)
  return many(
    job.connections,
    job.milliseconds,
    async (connection) => {
      const response = await connection.send(bytes)
      return { ok: response.status === 200, bytes: job.records * job.recordBytes }
    },
    job.port,
  )
}

async function read(job: ReadJob): Promise<JobResult> {
  const offsets = new WeakMap<HttpConnection, number>()
  return many(
    job.connections,
    job.milliseconds,
    async (connection) => {
      const offset = offsets.get(connection) ?? 0
      const path = job.follow ? `${job.path}offset=${offset}` : job.path
      const response = await connection.send(request("GET", path, ["Accept: application/vnd.kafka.record-batch"]))
      const next = Number(/stratalog-next-offset: (\d+)/i.exec(response.head)?.[1] ?? 0)
      offsets.set(connection, next === offset ? 0 : next)
      return { ok: response.status === 200, bytes: response.body.length }
    },
    job.port,
  )
}

type Step = (connection: HttpConnection) => Promise<{ readonly ok: boolean; readonly bytes: number }>

async function many(connections: number, milliseconds: number, step: Step, port: number): Promise<JobResult> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)))
  const latencies: number[] = []
  let bytes = 0
  let errors = 0
  const start = performance.now()
  const loops = open.map(async (connection) => {
    for (let now = performance.now(); now - start < milliseconds; ) {
      const done = await step(connection)
      const then = now
      now = performance.now()
      if (done.ok) {
        latencies.push(now - then)
        bytes += done.bytes
      } else errors += 1
    }
  })
  await Promise.all(loops)
  const seconds = (performance.now() - start) / 1000
  for (const connection of open) connection.close()
  return { requests: latencies.length, bytes, seconds, errors, ...percentiles(latencies) }
}

/** Records carry their time of sending; a reader that waits takes it when they arrive. */
async function latency(job: LatencyJob): Promise<JobResult> {
  const latencies: number[] = []
  const writers = await Promise.all(Array.from({ length: 8 }, () => HttpConnection.open(job.port)))
  const reader = await HttpConnection.open(job.port)
  let reading = true
  const follow = (async () => {
    let offset = "latest"
    while (reading) {
      const response = await reader.send(
        request("GET", `${job.path}?wait=10s&offset=${offset}`, ["Accept: application/vnd.kafka.record-batch"]),
      )
      const now = performance.now()
      for (const mark of response.body.toString("latin1").matchAll(/TS=(\d+\.\d+);/g))
        latencies.push(now - Number(mark[1]))
      offset = /stratalog-next-offset: (\d+)/i.exec(response.head)?.[1] ?? offset
    }
  })()
  follow.catch(() => undefined)
  const start = performance.now()
  let sent = 0
  while (performance.now() - start < job.milliseconds) {
    const due = start + (sent * 1000) / job.perSecond
    const ahead = due - performance.now()
    if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead))
    const mark = Buffer.from(`TS=${performance.now().toFixed(4).padStart(20, "0")};`.padEnd(100, "x"))
    void writers[sent % writers.length]?.send(request("POST", job.path, BATCH_HEADERS, batchOf(1, 100, mark)))
    sent += 1
  }
  await new Promise((resolve) => setTimeout(resolve, 200))
  reading = false
  const seconds = (performance.now() - start) / 1000
  for (const connection of [...writers, reader]) connection.close()
  return { requests: latencies.length, bytes: 0, seconds, errors: sent - latencies.length, ...percentiles(latencies) }
}

async function paced(job: PacedJob): Promise<JobResult> {
  const connection = await HttpConnection.open(job.port)
  const bytes = request("POST", job.path, BATCH_HEADERS, batchOf(1, 100))
  const latencies: number[] = []
  const start = performance.now()
  while (performance.now() - start < job.milliseconds) {
    await new Promise((resolve) => setTimeout(resolve, 1000 / job.perSecond))
    const sent = performance.now()
    await connection.send(bytes)
    latencies.push(performance.now() - sent)
  }
  const seconds = (performance.now() - start) / 1000
  connection.close()
  return { requests: latencies.length, bytes: 0, seconds, errors: 0, ...percentiles(latencies) }
}

function percentiles(values: number[]): { p50: number; p99: number } {
  values.sort((a, b) => a - b)
  const at = (share: number) => values[Math.floor(share * (values.length - 1))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

const [job] = process.argv.slice(2)
if (job === undefined) throw new Error("give a job as JSON")
const parsed: Job = JSON.parse(job)
process.stdout.write(`${JSON.stringify(await run(parsed))}\n`)
process.exit(0)
