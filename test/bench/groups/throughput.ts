/** How fast a topic is written, read plainly, and read by a group of one. */
import { Stratalog } from "stratalog"

export const readings = ["read", "batches", "records", "run"] as const
export type Reading = (typeof readings)[number]

const formats = { keyFormat: "bytes", valueFormat: "bytes" } as const
const RECORD_BYTES = 100
const KEYS = 1_000

async function produce(log: Stratalog, topic: string, records: number): Promise<number> {
  const value = new Uint8Array(RECORD_BYTES).fill(0x61)
  const keys = Array.from({ length: KEYS }, (_, at) => new TextEncoder().encode(`key-${at}`))
  const producer = log.topic(topic, formats).producer()
  const begun = performance.now()
  for (let at = 0; at < records; at += KEYS) {
    const sent = keys.map((key) => producer.send({ key, value }))
    // A few thousand in flight, as a careful program has it.
    if (at % (10 * KEYS) === 0) await Promise.all(sent)
  }
  await producer.close()
  return (records / (performance.now() - begun)) * 1_000
}

interface Read {
  readonly perSecond: number
  readonly polls: number
  readonly answersWithRecords: number
}

async function read(url: string, topic: string, records: number, reading: Reading): Promise<Read> {
  let polls = 0
  let answersWithRecords = 0
  const counting = async (to: string, init: RequestInit) => {
    const answer = await fetch(to, init)
    if (!to.endsWith("/poll")) return answer
    polls++
    if (Number(answer.headers.get("content-length")) > 4_000) answersWithRecords++
    return answer
  }
  const log = new Stratalog({ url, fetch: counting })
  const begun = performance.now()
  await readAll(log, topic, records, reading)
  const perSecond = (records / (performance.now() - begun)) * 1_000
  return { perSecond, polls, answersWithRecords }
}

async function readAll(log: Stratalog, topic: string, records: number, reading: Reading): Promise<void> {
  let found = 0
  if (reading === "read") {
    for await (const _ of log.topic(topic, formats).read()) found++
    if (found !== records) throw new Error(`read ${found} of ${records} records`)
    return
  }
  const consumer = log.consumer({ group: `${topic}-${reading}`, topics: [topic], ...formats })
  if (reading === "records") {
    for await (const _ of consumer) if (++found === records) break
    return
  }
  if (reading === "batches") {
    for await (const batch of consumer.batches()) {
      found += batch.records.length
      if (found === records) break
    }
    return
  }
  const done = new AbortController()
  const eachRecord = () => {
    if (++found === records) done.abort()
  }
  await consumer.run({ concurrency: 8, signal: done.signal, eachRecord })
}

export const rateOf = { produce, read }
