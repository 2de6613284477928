/** What members of a group ask for: at rest, busy, and while partitions change hands. */
import { randomUUID } from "node:crypto"
import { MONTH_SECONDS } from "stratalog/cost"
import type { Service } from "../../../aws/api-service.ts"
import { Consumer } from "../consumers.ts"
import type { Measured } from "../report.ts"
import type { Stage } from "../stage.ts"
import { difference, NO_USAGE, sum, type Usage } from "../usage.ts"

export interface GroupShape {
  readonly members: number
  /** Of one topic, which all of them read. */
  readonly partitions: number
}

/** Seconds between two requests of a consumer at rest. */
const INTERVAL_SECONDS = 5
const A_MONTH = { name: `a month at one in ${INTERVAL_SECONDS} s`, count: MONTH_SECONDS / INTERVAL_SECONDS }
const A_MILLION = { name: "a million", count: 1_000_000 }

export async function heartbeats(stage: Stage, shape: GroupShape, rounds: number): Promise<Measured> {
  const { members } = await groupAtRest(stage, shape)
  const usage = await each(stage, members, rounds, (member) => member.heartbeat())
  return {
    ...report("heartbeat, nothing changed", shape, usage, members.length * rounds),
    per: "heartbeat",
    moneyFor: A_MONTH,
    bars: perRequest(usage, members.length * rounds, { writeUnits: 1, readUnits: 1 }),
  }
}

export async function idlePolls(stage: Stage, shape: GroupShape, rounds: number): Promise<Measured> {
  const { members } = await groupAtRest(stage, shape)
  const usage = await each(stage, members, rounds, async (member) => {
    if ((await member.poll()) > 0) throw new Error("records where there are none")
  })
  return {
    ...report("poll, no records", shape, usage, members.length * rounds),
    per: "poll",
    moneyFor: A_MONTH,
    bars: perRequest(usage, members.length * rounds, { writeUnits: 1, readUnits: 1 + eachHas(shape) }),
  }
}

/** Each poll gets a record from each partition and commits those of the poll before. */
export async function busyPolls(stage: Stage, shape: GroupShape, rounds: number): Promise<Measured> {
  const { service, topic, members } = await groupAtRest(stage, shape)
  await produce(service, topic, shape)
  await each(stage, members, 1, (member) => member.poll())
  let usage = NO_USAGE
  for (let round = 0; round < rounds; round++) {
    await produce(service, topic, shape)
    const more = await each(stage, members, 1, async (member) => {
      if ((await member.poll()) !== eachHas(shape)) throw new Error("records are missing")
    })
    usage = sum(usage, more)
  }
  return {
    ...report("poll that fetches a batch from each partition and commits", shape, usage, members.length * rounds),
    per: "poll",
    moneyFor: A_MILLION,
    // Offsets of more partitions lie in several items, which are written in a transaction.
    bars: shape.partitions > 32 ? [] : perRequest(usage, members.length * rounds, { writeUnits: 2 }),
  }
}

/** A member leaves and another one comes: all polls until everybody is at rest again, claims included. */
export async function rebalances(stage: Stage, shape: GroupShape, rounds: number): Promise<Measured> {
  const { service, group, topic, members } = await groupAtRest(stage, shape)
  const before = stage.meter.usage()
  for (let round = 0; round < rounds; round++) {
    await members.shift()?.leave()
    await settle(members, { ...shape, members: members.length })
    members.push(new Consumer(service, group, topic))
    await settle(members, shape)
  }
  const usage = difference(stage.meter.usage(), before)
  return {
    ...report("a member leaves, another comes: all until everybody is at rest", shape, usage, rounds),
    per: "change of both",
    moneyFor: { name: "a thousand", count: 1_000 },
    bars: [],
  }
}

async function groupAtRest(stage: Stage, shape: GroupShape) {
  const service = stage.serve()
  const [topic, group] = [`orders-${randomUUID()}`, `group-${randomUUID()}`]
  const made = await service.send("PUT", `/v1/topics/${topic}`, { partitions: shape.partitions })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const members = Array.from({ length: shape.members }, () => new Consumer(service, group, topic))
  await settle(members, shape)
  return { service, topic, group, members }
}

const MOST_ROUNDS = 20

/** Lets all poll until each has its share, and once more, so that none has news for another. */
async function settle(members: readonly Consumer[], shape: GroupShape): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const isAtRest = isShared(members, shape)
    for (const member of members) await member.poll()
    if (isAtRest && isShared(members, shape)) return
  }
  throw new Error(`${MOST_ROUNDS} rounds and not at rest`)
}

function isShared(members: readonly Consumer[], { partitions }: GroupShape): boolean {
  const held = new Set(members.flatMap((member) => member.partitions))
  const least = Math.floor(partitions / members.length)
  return held.size === partitions && members.every((member) => member.isReading && member.partitions.length >= least)
}

async function produce(service: Service, topic: string, { partitions }: GroupShape): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const path = `/v1/topics/${topic}/partitions/${partition}/records`
    const { status, body } = await service.send("POST", path, { records: [{ value: "x".repeat(100) }] })
    if (status !== 200) throw new Error(JSON.stringify(body))
  }
}

async function each(
  stage: Stage,
  members: readonly Consumer[],
  rounds: number,
  request: (member: Consumer) => Promise<unknown>,
): Promise<Usage> {
  const before = stage.meter.usage()
  for (let round = 0; round < rounds; round++) for (const member of members) await request(member)
  return difference(stage.meter.usage(), before)
}

function eachHas({ members, partitions }: GroupShape): number {
  return partitions / members
}

function report(what: string, { members, partitions }: GroupShape, usage: Usage, count: number) {
  return { workload: `${what}: ${members} members, ${partitions} partitions`, usage, count, remarks: [] }
}

function perRequest(usage: Usage, count: number, atMost: { readonly writeUnits: number; readonly readUnits?: number }) {
  const bars = [{ what: "write units", value: usage.writeUnits / count, atMost: atMost.writeUnits }]
  const { readUnits } = atMost
  return readUnits === undefined
    ? bars
    : [...bars, { what: "read units", value: usage.readUnits / count, atMost: readUnits }]
}
