/**
 * Whatever is lost between a producer and the service: what was acknowledged is in the log once and where it was said
 * to be, what failed is there at most once and never where nothing can have happened, and the order of each partition
 * is that of the calls.
 */
import { randomInt } from "node:crypto"
import { type RecordMetadata, StratalogError } from "stratalog"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { clientOf } from "../../fakes/client-under-test.ts"
import { type EmbeddedService, openEmbeddedService } from "../../fakes/embedded-service.ts"
import type { Fault } from "../../fakes/faulty-fetch.ts"
import { Random } from "../../simulation/random.ts"

const RUNS = Number(process.env["STRATALOG_FAULT_RUNS"] ?? 40)
const PARTITIONS = 3

type Outcome =
  | { readonly kind: "acknowledged"; readonly metadata: RecordMetadata }
  | { readonly kind: "failed"; readonly error: StratalogError }

const faults: readonly Fault[] = [
  { kind: "refused" },
  { kind: "lost_request" },
  { kind: "lost_answer" },
  { kind: "cut_body" },
  { kind: "late" },
  { kind: "hangs", arrives: true },
  { kind: "hangs", arrives: false },
  { kind: "problem", code: "unavailable" },
  { kind: "problem", code: "too_many_requests", retryAfter: "1" },
  { kind: "gateway", status: 502, arrives: true },
  { kind: "gateway", status: 503, arrives: false },
]

let service: EmbeddedService
const fired = new Map<string, number>()
let acknowledged = 0
let unknown = 0
let refused = 0

beforeAll(async () => {
  service = await openEmbeddedService()
})

afterAll(() => service.close())

describe("a producer over a network that fails", () => {
  const first = Number(process.env["STRATALOG_SEED"] ?? randomInt(2 ** 31))
  it.each(Array.from({ length: RUNS }, (_, run) => first + run))("seed %i", (seed) => check(seed), 60_000)

  it("met each fault, and each end", () => {
    for (const { kind } of faults) expect(fired.get(kind) ?? 0, `fault ${kind}`).toBeGreaterThan(0)
    expect(acknowledged).toBeGreaterThan(0)
    expect(unknown).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  })
})

async function check(seed: number): Promise<void> {
  const generator = new Random(seed)
  const random = () => generator.next()
  const { log, network } = clientOf(service, { random })
  const topic = log.topic(`faults-${seed}`, { valueFormat: "utf8" })
  await log.topics.create(topic.name, { partitions: PARTITIONS })
  const rate = random() * 0.9
  const producer = topic.producer({
    lingerMs: Math.floor(random() * 3),
    maxBatchRecords: 1 + Math.floor(random() * 6),
    deliveryTimeoutMs: 200 + Math.floor(random() * 20_000),
    requestTimeoutMs: 100 + Math.floor(random() * 5_000),
    maxInFlightRequestsPerConnection: 1 + Math.floor(random() * 4),
    bufferMemory: 2_000 + Math.floor(random() * 100_000),
    maxBlockMs: 1e9,
  })
  network.inject(() => {
    const fault = random() < rate ? faults[Math.floor(random() * faults.length)] : undefined
    return fault ?? { kind: "none" }
  })
  const outcomes: Promise<Outcome>[] = []
  for (let number = 0; number < 120; number++) {
    const partition = Math.floor(random() * PARTITIONS)
    outcomes.push(settled(producer.send({ partition, value: `${partition}/${number}` })))
    if (random() < 0.2) await Promise.race(outcomes.slice(-5))
    if (random() < 0.1) await network.deliverLate("oldest")
  }
  await producer.flush()
  network.inject(() => ({ kind: "none" }))
  // Whatever went wrong, no partition stays blocked.
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const last = settled(producer.send({ partition, value: `${partition}/${outcomes.length}` }))
    outcomes.push(last)
    expect(await last, `partition ${partition} goes on`).toMatchObject({ kind: "acknowledged" })
  }
  await producer.close()
  const ends = await Promise.all(outcomes)
  // Requests that were on the way for minutes arrive after everything else.
  await network.deliverLate()
  for (const { fault } of network.seen) fired.set(fault, (fired.get(fault) ?? 0) + 1)
  await verify(ends, topic)
}

async function verify(ends: readonly Outcome[], topic: ReadableTopic): Promise<void> {
  const present = new Map<string, { readonly partition: number; readonly offset: number }[]>()
  const orders = new Map<number, number[]>()
  for await (const { partition, offset, value } of topic.read()) {
    const text = String(value)
    present.set(text, [...(present.get(text) ?? []), { partition, offset }])
    orders.set(partition, [...(orders.get(partition) ?? []), Number(text.split("/")[1])])
  }
  const sent = [...present.keys()].length
  expect(sent).toBeLessThanOrEqual(ends.length)
  for (const [number, end] of ends.entries()) {
    const places = [0, 1, 2].flatMap((partition) => present.get(`${partition}/${number}`) ?? [])
    if (end.kind === "acknowledged") {
      acknowledged++
      const { partition, offset } = end.metadata
      expect(places, `record ${number} was acknowledged`).toEqual([{ partition, offset }])
    } else if (end.error.sideEffects === "none") {
      refused++
      expect(places, `record ${number} failed with "${end.error.detail}" and no side effects`).toEqual([])
    } else {
      unknown++
      expect(places.length, `record ${number} has an unknown outcome`).toBeLessThanOrEqual(1)
    }
  }
  for (const order of orders.values()) expect(order).toEqual(order.toSorted((one, other) => one - other))
}

interface ReadableTopic {
  read(): AsyncIterable<{ readonly partition: number; readonly offset: number; readonly value: string | null }>
}

function settled(sending: Promise<RecordMetadata>): Promise<Outcome> {
  return sending.then(
    (metadata) => ({ kind: "acknowledged", metadata }),
    (error: unknown) => {
      if (!(error instanceof StratalogError)) throw error
      return { kind: "failed", error }
    },
  )
}
