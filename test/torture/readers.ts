/** Clients that read: followers that go from offset to offset, readers anywhere, and the last reading of everything. */
import { BATCH_TYPE, type Fetched, type TopicOffsets } from "stratalog/protocol"
import type { ReadRecord } from "../checker/operation.ts"
import { recordsOf } from "../conformance/batch.ts"
import type { Answer } from "../conformance/http.ts"
import type { Client, Phase } from "./phase.ts"
import type { Random } from "./random.ts"
import type { Result } from "./recorder.ts"
import { nameOf } from "./values.ts"

interface Reading {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly query: string
  readonly binary: boolean
  readonly seek?: true
  readonly drain?: true
  /** Records are deleted: hears where the log starts, if that is past the offset. */
  readonly onBelowStart?: (logStartOffset: number) => void
}

interface Read {
  readonly nextOffset: number
  readonly highWatermark: number
}

/** One fetch into the history; `undefined` where its answer was lost. */
async function read(phase: Phase, process: string, reading: Reading): Promise<Read | undefined> {
  const { topic, partition, offset, query, binary, seek, drain, onBelowStart } = reading
  const path = `/v1/topics/${topic}/partitions/${partition}/records?offset=${offset}&valueFormat=utf8${query}`
  const call = phase.recorder.begin()
  const answer = await phase.exchange({ method: "GET", path, headers: binary ? { accept: BATCH_TYPE } : {} })
  if (answer === undefined) return undefined
  if (answer.status === 410 && onBelowStart !== undefined) {
    onBelowStart(JSON.parse(answer.text).logStartOffset)
    return undefined
  }
  if (answer.status !== 200) {
    // Until its log start is in the history nothing but the end of the server explains a refusal.
    if (answer.status !== 503 && answer.status !== 429)
      phase.recorder.violations.push(`${process}: GET ${path} -> ${answer.status} ${answer.text}`)
    return undefined
  }
  const found = binary ? await readBinary(answer, offset) : readJson(answer)
  const args = { offset, ...(seek && { seek }), ...(drain && { drain }) }
  const result: Result = { f: "fetch", type: "ok", key: `${topic}/${partition}`, args, ...found }
  phase.recorder.end(process, call, result)
  return found
}

interface Found extends Read {
  readonly value: ReadRecord[]
  readonly logStartOffset: number
}

function readJson(answer: Answer): Found {
  const { records, nextOffset, highWatermark, logStartOffset }: Fetched = JSON.parse(answer.text)
  const value = records.map((record): ReadRecord => [record.offset, nameOf(record.value)])
  return { value, nextOffset, highWatermark, logStartOffset }
}

async function readBinary({ bytes, headers }: Answer, offset: number): Promise<Found> {
  const number = (name: string) => Number(headers[`stratalog-${name}`])
  const records = await recordsOf(bytes)
  const value = records
    .filter((record) => record.offset >= offset)
    .map((record): ReadRecord => [record.offset, nameOf(Buffer.from(record.value ?? []).toString("utf8"))])
  return {
    value,
    nextOffset: number("next-offset"),
    highWatermark: number("high-watermark"),
    logStartOffset: number("log-start-offset"),
  }
}

/** Highest high watermark that a reader saw, by partition: where others may read and commit. */
export type KnownEnds = Map<string, number>

export interface ReaderOptions {
  readonly name: string
  readonly random: Random
  readonly topic: string
  readonly partitions: number
  readonly ends: KnownEnds
  /** Records are deleted from the log's beginning meanwhile. */
  readonly trimmed?: boolean
}

/** Reads one partition on from where it stopped, waiting at the end, over restarts of the server too. */
export function follower(
  { name, random, topic, ends, trimmed = false }: ReaderOptions,
  partition: number,
  binary: boolean,
): Client {
  let offset = 0
  let process = name
  const key = `${topic}/${partition}`
  // A reader that the log start sends on is another one: it has not read what was deleted.
  const onBelowStart = (logStartOffset: number) => {
    offset = logStartOffset
    process = `${name}.${logStartOffset}`
  }
  const next = async (phase: Phase, wait: string): Promise<Read | undefined> => {
    const bounds = random.pick(["", "&maxBytes=1000", "&maxBytes=200000", binary ? "" : "&limit=3"])
    const reading = { topic, partition, offset, query: `${wait}${bounds}`, binary, ...(trimmed && { onBelowStart }) }
    const start = offset
    const found = await read(phase, process, reading)
    if (found === undefined) return offset > start ? next(phase, wait) : undefined
    offset = found.nextOffset
    ends.set(key, Math.max(ends.get(key) ?? 0, found.highWatermark))
    return found
  }
  return {
    name,
    step: async (phase) => void (await next(phase, "&wait=1s")),
    async settle(phase) {
      let found = await next(phase, "")
      while (found !== undefined && offset < found.highWatermark) found = await next(phase, "")
    },
  }
}

/** Reads again what was read before, anywhere. */
export function rereader({ name, random, topic, partitions, ends, trimmed = false }: ReaderOptions): Client {
  return {
    name,
    async step(phase) {
      const partition = random.int(partitions)
      const offset = random.int((ends.get(`${topic}/${partition}`) ?? 0) + 1)
      const binary = random.chance(0.3)
      await read(phase, name, {
        topic,
        partition,
        offset,
        query: `&maxBytes=${1 + random.int(5000)}`,
        binary,
        seek: true,
        ...(trimmed && { onBelowStart: () => undefined }),
      })
    },
  }
}

/** Reads every partition from its log start to its end. */
export async function drain(phase: Phase, process: string, topic: string): Promise<void> {
  const answer = await phase.exchange({ method: "GET", path: `/v1/topics/${topic}/offsets` })
  if (answer?.status !== 200) {
    phase.recorder.violations.push(`the offsets of ${topic} could not be read: ${answer?.text}`)
    return
  }
  const { offsets }: TopicOffsets = JSON.parse(answer.text)
  for (const { partition, logStartOffset, highWatermark } of offsets) {
    let offset = logStartOffset
    let first = true
    while (first || offset < highWatermark) {
      const reading = { topic, partition, offset, query: "&limit=10000", binary: false, drain: true } as const
      let start = offset
      const onBelowStart = (logStartOffset: number) => {
        start = logStartOffset
      }
      const found = await read(phase, process, { ...reading, ...(first && { seek: true }), onBelowStart })
      if (start > offset) {
        // A deletion that was still under way: what is there begins here.
        offset = start
        first = true
        continue
      }
      if (found === undefined || (found.nextOffset === offset && offset < highWatermark)) {
        phase.recorder.violations.push(`${topic}/${partition} could not be read to its end: stopped at ${offset}`)
        break
      }
      offset = found.nextOffset
      first = false
    }
  }
}
