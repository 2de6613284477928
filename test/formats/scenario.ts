/**
 * Fills a log with something of everything that a storage keeps, for the fixtures that later versions have to open. All of
 * it keeps for ever, so that the time at which a fixture is opened makes no difference.
 */
import type { CodecName } from "stratalog/record-batch"
import { batchOf } from "../conformance/batch.ts"
import { type Caller, call, type Service } from "./service.ts"

const FOR_EVER = { "retention.ms": -1, "retention.bytes": -1 }
const CODECS: readonly CodecName[] = ["none", "gzip", "snappy", "lz4", "zstd"]
/** All but the one that is deleted. */
export const TOPICS = ["codecs", "orders", "keys", "large", "many", "fenced"]
export const GROUP = "billing"
export const MEMBERS = ["member-a", "member-b"]
export const FENCE = "writer-7"

/** An idempotent producer as it stands: the last batch that it sent, and the sequence of its next record. */
export interface KnownProducer {
  readonly topic: string
  readonly partition: number
  readonly id: number
  readonly epoch: number
  readonly lastSequence: number
  readonly lastValue: string
  readonly lastOffset: number
}

export interface Filled {
  readonly topics: readonly string[]
  readonly producers: readonly KnownProducer[]
  /** By member. */
  readonly memberEpochs: Readonly<Record<string, number>>
}

export async function fill(service: Service): Promise<Filled> {
  await createTopics(service)
  const producers: KnownProducer[] = []
  // What comes first is moved into segments, merged and compacted; the rest stays where appends put it.
  for (const stage of ["old", "older", "new"]) {
    await appendCodecs(service, stage)
    producers.push(...(await appendOrders(service, stage)))
    await appendKeys(service, stage)
    if (stage !== "older") await appendLarge(service, stage)
    if (stage !== "new") await service.upkeep()
  }
  producers.push(...(await appendAsMany(service)))
  await call(service, "DELETE", "/v1/topics/orders/partitions/1/records?before=5")
  await call(service, "PUT", "/v1/topics/fenced/partitions/0/fence", { json: { token: FENCE, expected: null } })
  await append(service, "fenced", 0, "kept", { fencingToken: FENCE })
  await append(service, "gone", 0, "deleted")
  await call(service, "DELETE", "/v1/topics/gone")
  const memberEpochs = await joinGroup(service)
  return { topics: TOPICS, producers, memberEpochs }
}

async function createTopics(service: Service): Promise<void> {
  const compacted = { "cleanup.policy": "compact", "delete.retention.ms": 0 }
  const topics = { codecs: 1, orders: 3, keys: 1, large: 1, many: 1, fenced: 1, gone: 2 }
  for (const [name, partitions] of Object.entries(topics)) {
    const config = { ...FOR_EVER, ...(name === "keys" && compacted) }
    await call(service, "PUT", `/v1/topics/${name}`, { json: { partitions, config } })
  }
}

async function appendCodecs(service: Service, stage: string): Promise<void> {
  for (const codec of CODECS) {
    const values = [`${stage} ${codec} 0`, `${stage} ${codec} 1`, "äöü €"]
    await appendBatch(service, "codecs", 0, await batchOf(values, { codec, keys: ["a", null, "c"] }))
  }
}

/** Small appends of two producers, more than a tail holds. */
async function appendOrders(service: Service, stage: string): Promise<KnownProducer[]> {
  const known: KnownProducer[] = []
  for (const partition of [0, 1, 2]) {
    const { id } = await call<{ id: number }>(service, "POST", "/v1/producers", { json: {} })
    const next = { json: { id, epoch: 0 } }
    const { epoch } =
      partition === 2 ? await call<{ epoch: number }>(service, "POST", "/v1/producers", next) : { epoch: 0 }
    let last = { lastSequence: -1, lastValue: "", lastOffset: -1 }
    for (let sequence = 0; sequence < 12; sequence += 1) {
      const lastValue = `${stage} order ${sequence} ${"x".repeat(60)}`
      const produced = await append(service, "orders", partition, lastValue, { producer: { id, epoch, sequence } })
      last = { lastSequence: sequence, lastValue, lastOffset: produced.baseOffset }
    }
    known.push({ topic: "orders", partition, id, epoch, ...last })
  }
  return known
}

async function appendKeys(service: Service, stage: string): Promise<void> {
  for (let key = 0; key < 8; key += 1) {
    const records = [
      { key: `key-${key}`, value: `${stage} ${key}`, timestamp: 1_763_600_000_000 + key },
      { key: `passing-${stage}-${key}`, value: key % 2 === 0 ? null : stage, timestamp: 1_763_600_000_000 + key },
    ]
    await call(service, "POST", "/v1/topics/keys/partitions/0/records", { json: { records } })
  }
}

/** As large as makes them items or objects of their own. */
async function appendLarge(service: Service, stage: string): Promise<void> {
  for (const size of [2_500, 9_000]) await append(service, "large", 0, `${stage} ${"y".repeat(size)}`)
}

/** More producers than a head has room for. */
async function appendAsMany(service: Service): Promise<KnownProducer[]> {
  const known: KnownProducer[] = []
  for (let count = 0; count < 40; count += 1) {
    const { id } = await call<{ id: number }>(service, "POST", "/v1/producers", { json: {} })
    const lastValue = `producer ${count}`
    const producer = { id, epoch: 0, sequence: 0 }
    const { baseOffset } = await append(service, "many", 0, lastValue, { producer })
    known.push({ topic: "many", partition: 0, id, epoch: 0, lastSequence: 0, lastValue, lastOffset: baseOffset })
  }
  return known
}

async function joinGroup(service: Service): Promise<Record<string, number>> {
  const epochs: Record<string, number> = {}
  for (const member of [...MEMBERS, ...MEMBERS, ...MEMBERS]) {
    const json = {
      memberEpoch: epochs[member] ?? 0,
      topics: ["orders", "^key.*"],
      sessionTimeout: "30m",
      ...(member === "member-b" && { instanceId: "instance-b" }),
    }
    const path = `/v1/groups/${GROUP}/members/${member}/poll`
    const polled = await call<Polled>(service, "POST", path, { json: { ...json, maxRecords: 3 } })
    epochs[member] = polled.memberEpoch
  }
  for (const member of MEMBERS) await commitHalf(service, member, epochs)
  await call(service, "POST", "/v1/groups/by-hand/offsets", {
    json: { offsets: [{ topic: "codecs", partition: 0, offset: 4, metadata: "a note" }] },
  })
  return epochs
}

interface Polled {
  readonly memberEpoch: number
  readonly assignment: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

async function commitHalf(service: Service, member: string, epochs: Record<string, number>): Promise<void> {
  const path = `/v1/groups/${GROUP}/members/${member}/poll`
  const polled = await call<Polled>(service, "POST", path, { json: { memberEpoch: epochs[member] } })
  const commit = polled.assignment.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition, offset: 10, metadata: `${topic} by ${member}` })),
  )
  const answer = await call<Polled>(service, "POST", path, { json: { memberEpoch: polled.memberEpoch, commit } })
  epochs[member] = answer.memberEpoch
}

export function append(
  service: Caller,
  topic: string,
  partition: number,
  value: string,
  rest: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly baseOffset: number; readonly duplicate?: boolean }> {
  const records = [{ key: "k", value, timestamp: 1_763_600_000_000, headers: [["h", "1"]] }]
  const json = { records, valueFormat: "utf8", ...rest }
  return call(service, "POST", `/v1/topics/${topic}/partitions/${partition}/records`, { json })
}

function appendBatch(service: Service, topic: string, partition: number, batches: Uint8Array): Promise<unknown> {
  return call(service, "POST", `/v1/topics/${topic}/partitions/${partition}/records`, { batches })
}
