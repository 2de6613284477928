/** Members of a group as processes: they join, share, one is killed, the other takes over, and the group is reset. */
import type { ChildProcess } from "node:child_process"
import { afterAll, expect, it } from "vitest"
import { partitionsOf, startMember, valuesOf } from "../../e2e/consumers/member-process.ts"
import type { Told } from "../../e2e/consumers/told.ts"
import { settled } from "../../fakes/settled.ts"
import { deployment, log, newName } from "../deployment.ts"

const PARTITIONS = 4
const RECORDS = 200
const KEYS = 10

const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill("SIGKILL")
})

it("shares partitions, takes over from a member that was killed, and begins again after a reset", async () => {
  const topic = newName("orders")
  await log.topics.create(topic, { partitions: PARTITIONS })
  const all: Told[] = []
  const first = start(topic, all)
  await settled(() => partitionsOf(first.told) === PARTITIONS)
  const second = start(topic, all)
  await settled(() => partitionsOf(first.told) === PARTITIONS / 2 && partitionsOf(second.told) === PARTITIONS / 2)

  const producer = log.topic(topic).producer()
  const send = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, at) => producer.send({ key: `k${(from + at) % KEYS}`, value: from + at })),
    )
  await send(0, RECORDS / 2)
  await settled(() => first.told.some(isRecord) && second.told.some(isRecord))
  second.child.kill("SIGKILL")
  await send(RECORDS / 2, RECORDS)
  await settled(() => partitionsOf(first.told) === PARTITIONS && valuesOf(all).size === RECORDS)
  for (let key = 0; key < KEYS; key++) expect(inOrderOfArrival(all, `k${key}`)).toEqual(valuesOfKey(key))

  const group = log.group(topic)
  await expect.poll(async () => (await group.lag()).totalLag, { timeout: 60_000 }).toBe(0)
  await expect(group.reset({ to: "earliest", execute: true })).rejects.toMatchObject({ code: "group_not_empty" })
  first.child.kill("SIGTERM")
  await settled(() => first.child.exitCode === 0)
  expect((await group.describe()).members).toEqual([])
  await group.reset({ to: "earliest", execute: true })
  expect((await group.lag()).totalLag).toBe(RECORDS)

  const again = start(topic, [])
  await settled(() => valuesOf(again.told).size === RECORDS)
  again.child.kill("SIGTERM")
  await settled(() => again.child.exitCode === 0)
  expect((await group.lag()).totalLag).toBe(0)
  await producer.close()
})

function start(topic: string, all: Told[]) {
  const member = startMember(deployment.api, topic, all)
  children.push(member.child)
  return member
}

function isRecord({ what }: Told): boolean {
  return what === "record"
}

/** Each value where it came first: what was in hand of the one that was killed comes again. */
function inOrderOfArrival(told: readonly Told[], key: string): readonly number[] {
  return [...valuesOf(told.filter((one) => one.what === "record" && one.key === key))]
}

function valuesOfKey(key: number): readonly number[] {
  return Array.from({ length: RECORDS / KEYS }, (_, at) => key + at * KEYS)
}
