/** What has to hold of a log that a former version wrote, once it is opened by this one. */
import assert from "node:assert/strict"
import type { Fetched } from "stratalog/protocol"
import type { Expected } from "./fixture.ts"
import { observeGroup, observeTopic } from "./observe.ts"
import { append, FENCE, GROUP, type KnownProducer, MEMBERS } from "./scenario.ts"
import { call, type Service } from "./service.ts"

/** Everything that could be read then can be read, byte for byte, together and from each offset. */
export async function readsTheSame(service: Service, { topics, partitions, groups }: Expected): Promise<void> {
  for (const topic of topics) {
    const then = partitions.filter((partition) => partition.topic === topic)
    assert.deepEqual(await observeTopic(service, topic), then)
    for (const { partition, logStartOffset, highWatermark } of then) {
      for (let offset = logStartOffset; offset < highWatermark; offset += 1) {
        await readsFrom(service, topic, partition, offset)
      }
    }
  }
  for (const { group, offsets, description } of groups) {
    const now = await observeGroup(service, group)
    assert.deepEqual(now.offsets, offsets)
    assert.deepEqual(withoutTimes(now.description), withoutTimes(description))
  }
}

async function readsFrom(service: Service, topic: string, partition: number, offset: number): Promise<void> {
  const query = `offset=${offset}&limit=1&valueFormat=utf8`
  const { records } = await call<Fetched>(
    service,
    "GET",
    `/v1/topics/${topic}/partitions/${partition}/records?${query}`,
  )
  const first = records[0]?.offset ?? assert.fail(`nothing at ${topic}/${partition}/${offset}`)
  // Compaction took some of these out.
  if (topic === "keys") assert.ok(first >= offset)
  else assert.equal(first, offset)
}

/** The embedded log counts its members as seen when it starts. */
function withoutTimes(description: unknown): unknown {
  return JSON.parse(JSON.stringify(description, (key, value) => (key === "lastSeen" ? undefined : value)))
}

export async function producersGoOn(service: Service, { producers }: Expected): Promise<void> {
  const newest = new Map(producers.map((known) => [`${known.topic}/${known.partition}/${known.id}`, known]))
  for (const known of newest.values()) {
    const { lastSequence: sequence, lastOffset, lastValue } = known
    const again = await appendAs(service, known, sequence, lastValue)
    // Of what was moved into segments the log knows that it is there, not where.
    assert.deepEqual({ ...again, offset: again.offset ?? lastOffset }, { offset: lastOffset, duplicate: true })
    await refused(appendAs(service, known, sequence + 2, "too far"), /sequence_gap/)
    if (known.epoch > 0)
      await refused(appendAs(service, { ...known, epoch: 0 }, sequence + 1, "old"), /producer_fenced/)
    const next = await appendAs(service, known, sequence + 1, "next")
    assert.equal(next.duplicate, false)
  }
  const { id } = await call<{ id: number }>(service, "POST", "/v1/producers", { json: {} })
  assert.ok(id > Math.max(...producers.map((producer) => producer.id)))
}

async function appendAs(
  service: Service,
  { topic, partition, id, epoch }: KnownProducer,
  sequence: number,
  value: string,
) {
  const { baseOffset, duplicate = false } = await append(service, topic, partition, value, {
    producer: { id, epoch, sequence },
  })
  return { offset: baseOffset, duplicate }
}

export async function limitsHold(service: Service): Promise<void> {
  await refused(append(service, "fenced", 0, "other", { fencingToken: "writer-6" }), /fence_failed/)
  await append(service, "fenced", 0, "owner", { fencingToken: FENCE })
  await refused(call(service, "GET", "/v1/topics/orders/partitions/1/records?offset=4"), /offset_below_log_start/)
  await refused(call(service, "GET", "/v1/topics/gone"), /topic_not_found/)
}

/** Members go on under their epochs, commit, and share with one that is new; a stale one stays fenced. */
export async function groupGoesOn(service: Service, { memberEpochs }: Expected): Promise<void> {
  const epochs: Record<string, number> = { ...memberEpochs }
  const poll = (member: string, json: object) =>
    call<{ memberEpoch: number; assignment: readonly { topic: string; partitions: readonly number[] }[] }>(
      service,
      "POST",
      `/v1/groups/${GROUP}/members/${member}/poll`,
      { json: { sessionTimeout: "30m", ...json } },
    )
  for (const member of MEMBERS) {
    const own = await poll(member, { memberEpoch: epochs[member] })
    assert.equal(own.memberEpoch, epochs[member])
    const [first] = own.assignment
    assert.ok(first !== undefined)
    const commit = [{ topic: first.topic, partition: first.partitions[0], offset: 12 }]
    await poll(member, { memberEpoch: epochs[member], commit })
    await refused(poll(member, { memberEpoch: Number(epochs[member]) - 1, commit }), /member_epoch|fenced/)
  }
  let joined = await poll("member-c", { memberEpoch: 0, topics: ["orders", "^key.*"] })
  for (let round = 0; round < 5 && joined.assignment.length === 0; round += 1) {
    for (const member of MEMBERS) epochs[member] = (await poll(member, { memberEpoch: epochs[member] })).memberEpoch
    joined = await poll("member-c", { memberEpoch: joined.memberEpoch })
  }
  assert.notDeepEqual(joined.assignment, [])
}

/** Upkeep moves, merges and compacts what is there, and nothing that is to stay gets lost. */
export async function upkeepGoesOn(service: Service, expected: Expected): Promise<void> {
  const before = await everything(service, expected)
  await service.upkeep()
  assert.deepEqual(await everything(service, expected), before)
}

async function everything(service: Service, { topics }: Expected): Promise<unknown> {
  const latest = await call<Fetched>(service, "GET", "/v1/topics/keys/partitions/0/records?limit=1000&valueFormat=utf8")
  const values = new Map(latest.records.map(({ key, value }) => [key, value]))
  const kept = [...values].filter(([, value]) => value !== null).sort()
  const observed = []
  for (const topic of topics.filter((name) => name !== "keys")) observed.push(await observeTopic(service, topic))
  return { kept, observed }
}

async function refused(call: Promise<unknown>, code: RegExp): Promise<void> {
  await assert.rejects(call, code)
}
