/** From the call that appends a record to its handler, at 100 records a second. */
import type { Stratalog } from "stratalog"

export interface Latency {
  readonly p50: number
  readonly p99: number
}

const PER_SECOND = 100
/** The first records find everything cold. */
const WARM_UP = 50

export async function plainLatency(log: Stratalog, topic: string, seconds: number): Promise<Latency> {
  const leaving = new AbortController()
  const { took, heard } = collector(seconds)
  const reading = (async () => {
    const records = log.topic(topic).read({ partition: 0, from: "latest", follow: true, signal: leaving.signal })
    for await (const { value } of records) heard(Number(value))
  })().catch(() => undefined)
  await produceSteadily(log, topic, seconds)
  const result = await took
  leaving.abort()
  await reading
  return result
}

export async function groupLatency(log: Stratalog, topic: string, seconds: number): Promise<Latency> {
  const consumer = log.consumer({ group: `${topic}-group`, topics: [topic], from: "latest" })
  const { took, heard } = collector(seconds)
  const running = consumer.run({ eachRecord: ({ value }) => heard(Number(value)) })
  while (consumer.lag().partitions[0]?.lag !== 0) await pause(10)
  await produceSteadily(log, topic, seconds)
  const result = await took
  await consumer.close()
  await running
  return result
}

function collector(seconds: number): { took: Promise<Latency>; heard: (sentAt: number) => void } {
  const all: number[] = []
  let finish: (latency: Latency) => void = () => {}
  const took = new Promise<Latency>((resolve) => {
    finish = resolve
  })
  const heard = (sentAt: number) => {
    all.push(performance.now() - sentAt)
    if (all.length < WARM_UP + seconds * PER_SECOND) return
    const sorted = all.slice(WARM_UP).sort((one, other) => one - other)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
    finish({ p50: at(0.5), p99: at(0.99) })
  }
  return { took, heard }
}

async function produceSteadily(log: Stratalog, topic: string, seconds: number): Promise<void> {
  await pause(200)
  const begun = performance.now()
  for (let number = 0; number < WARM_UP + seconds * PER_SECOND; number++) {
    await pause(begun + (number * 1_000) / PER_SECOND - performance.now())
    void log.topic(topic).produce({ value: performance.now() })
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
