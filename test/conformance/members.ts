/** Members of groups, as somebody with curl would be one, and waiting for what others have to do first. */
import assert from "node:assert/strict"
import { setTimeout as delay } from "node:timers/promises"
import type { GroupDescription, Heartbeat, Polled, TopicPartitions } from "stratalog/protocol"
import type { CaseContext } from "./context.ts"

type Body = Readonly<Record<string, unknown>>

export function at(group: string, member: string, body: Body = {}) {
  return { params: { group, member }, body }
}

export function heartbeat(context: CaseContext, group: string, member: string, body: Body = {}): Promise<Heartbeat> {
  return context.call("heartbeat", 200, at(group, member, body))
}

export function poll(context: CaseContext, group: string, member: string, body: Body = {}): Promise<Polled> {
  return context.call("poll", 200, at(group, member, body))
}

export function describe(context: CaseContext, group: string): Promise<GroupDescription> {
  return context.call("describeGroup", 200, { params: { group } })
}

/** `topic/partition`, in order. */
export function named(assignment: readonly TopicPartitions[]): string[] {
  return assignment.flatMap(({ topic, partitions }) => partitions.map((each) => `${topic}/${each}`))
}

export function count(assignment: readonly TopicPartitions[]): number {
  return named(assignment).length
}

/** So slow a deployment is broken, milliseconds. */
const PATIENCE_MS = 60_000
const BETWEEN_MS = 50

/** The first answer that is as wanted. */
export async function until<T>(what: string, ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    assert.ok(Date.now() < end, `${what} did not come: ${JSON.stringify(answer)}`)
    await delay(BETWEEN_MS)
  }
}

/** Heartbeats of all members, round by round, until each has what it is to have. Answers by member. */
export async function settle(
  context: CaseContext,
  group: string,
  members: readonly string[],
  isWanted: (answers: ReadonlyMap<string, Heartbeat>) => boolean,
): Promise<ReadonlyMap<string, Heartbeat>> {
  const ask = async () => {
    const answers = new Map<string, Heartbeat>()
    for (const member of members) answers.set(member, await heartbeat(context, group, member))
    return answers
  }
  return until(`the assignment of ${group}`, ask, isWanted)
}

/** Each partition has one member, and all are within one of each other. */
export function isShared(partitions: number): (answers: ReadonlyMap<string, Heartbeat>) => boolean {
  return (answers) => {
    const all = [...answers.values()].flatMap(({ assignment }) => named(assignment))
    const counts = [...answers.values()].map(({ assignment }) => count(assignment))
    return (
      all.length === partitions && new Set(all).size === partitions && Math.max(...counts) - Math.min(...counts) <= 1
    )
  }
}
