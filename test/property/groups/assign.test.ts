/** What every assignor keeps, and that the uniform one is as even and as quiet as can be. */
import "./seeded.ts"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { assign, type Subscriber, type Targets } from "../../../functions/groups/assign/assign.ts"
import { partitionOf } from "../../../functions/groups/members/partitions.ts"
import type { GroupTopic } from "../../../functions/groups/members/state.ts"

const NAMES = ["t", "u", "v"]
const IDS = ["a", "b", "c", "d", "e"]

interface Given {
  readonly members: readonly Subscriber[]
  readonly topics: readonly GroupTopic[]
}

const id = fc.constantFrom(...IDS, "gone", undefined)
const partition = fc.tuple(id, id).map(([holder, target]) => partitionOf(holder, target))
const topicNamed = (topic: string) =>
  fc.array(partition, { maxLength: 9 }).map((partitions) => ({ topicId: topic, topic, partitions }))
const topics = fc.tuple(...NAMES.map(topicNamed))
const assignor = fc.constantFrom("uniform" as const, "range" as const, "roundrobin" as const)

const members = (subscription: fc.Arbitrary<string[]>, assigned: fc.Arbitrary<Subscriber["assignor"]>) =>
  fc.subarray(IDS, { minLength: 1 }).chain((ids) =>
    fc.tuple(
      ...ids.map((memberId) =>
        fc
          .record({ memberId: fc.constant(memberId), topics: subscription, assignor: assigned, named: fc.boolean() })
          .map(
            ({ named, topics: subscribed, ...rest }): Subscriber => ({
              ...rest,
              topics: new Set(subscribed),
              ...(named ? { instanceId: `of-${memberId}` } : {}),
            }),
          ),
      ),
    ),
  )

const anything: fc.Arbitrary<Given> = fc.record({ members: members(fc.subarray(NAMES), assignor), topics })
const mixed: fc.Arbitrary<Given> = fc.record({ members: members(fc.subarray(NAMES), fc.constant("uniform")), topics })
const alike: fc.Arbitrary<Given> = fc.record({
  members: members(fc.constant(NAMES), fc.constant("uniform")),
  topics,
})

/** The topics as they are once these targets are reached. */
function reached(given: readonly GroupTopic[], targets: Targets): GroupTopic[] {
  return given.map((topic, place) => ({
    ...topic,
    partitions: topic.partitions.map((_, number) => {
      const target = targets[place]?.[number]
      return partitionOf(target, target)
    }),
  }))
}

function targetsOf(given: readonly GroupTopic[]): (string | undefined)[][] {
  return given.map(({ partitions }) => partitions.map(({ target }) => target))
}

function loads(given: readonly Subscriber[], targets: Targets): Map<string, number> {
  const counts = new Map(given.map(({ memberId }) => [memberId, 0]))
  for (const target of targets.flat()) if (target !== undefined) counts.set(target, (counts.get(target) ?? 0) + 1)
  return counts
}

/** How many partitions had a target that they lost. */
function moves(before: readonly GroupTopic[], after: Targets, among: ReadonlySet<string>): number {
  return targetsOf(before)
    .flat()
    .filter((target, index) => target !== undefined && among.has(target) && after.flat()[index] !== target).length
}

describe("every assignor", () => {
  it("gives each partition to somebody who subscribes to it, and leaves it out only where nobody does", () => {
    fc.assert(
      fc.property(anything, (given) => {
        const targets = assign(given.members, given.topics)
        for (const [place, { topic, partitions }] of given.topics.entries()) {
          const subscribers = given.members.filter((member) => member.topics.has(topic)).map(({ memberId }) => memberId)
          expect(targets[place]).toHaveLength(partitions.length)
          for (const target of targets[place] ?? []) {
            if (subscribers.length === 0) expect(target).toBeUndefined()
            else expect(subscribers).toContain(target)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it("leaves alone what it came to", () => {
    fc.assert(
      fc.property(anything, ({ members: given, topics: before }) => {
        const targets = assign(given, before)
        expect(assign(given, reached(before, targets))).toEqual(targets)
        const onTheWay = before.map((topic, place) => ({
          ...topic,
          partitions: topic.partitions.map(({ holder }, number) => partitionOf(holder, targets[place]?.[number])),
        }))
        expect(assign(given, onTheWay)).toEqual(targets)
      }),
      { numRuns: 300 },
    )
  })
})

describe("the uniform assignor", () => {
  it("comes to within one, and moves no more than that takes, from whatever there was", () => {
    fc.assert(
      fc.property(alike, ({ members: given, topics: before }) => {
        const targets = assign(given, before)
        const counts = [...loads(given, targets).values()]
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)

        const former = loads(given, targetsOf(before))
        const had = given.map(({ memberId }) => former.get(memberId) ?? 0).sort((a, b) => b - a)
        const total = before.flatMap(({ partitions }) => partitions).length
        const kept = had.map((count, rank) => {
          const quota = Math.floor(total / given.length) + (rank < total % given.length ? 1 : 0)
          return Math.min(count, quota)
        })
        const least = sum(had) - sum(kept)
        expect(moves(before, targets, new Set(given.map(({ memberId }) => memberId)))).toBe(least)
      }),
      { numRuns: 300 },
    )
  })

  it("moves what a new member gets and nothing else, and of one that leaves what it had and nothing else", () => {
    fc.assert(
      fc.property(alike, ({ members: given, topics: before }) => {
        const settled = reached(before, assign(given, before))
        const joined = [...given, { memberId: "new", topics: new Set(NAMES), assignor: "uniform" as const }]
        const after = assign(joined, settled)
        const everybody = new Set(given.map(({ memberId }) => memberId))
        expect(moves(settled, after, everybody)).toBe(loads(joined, after).get("new"))

        const [first, ...rest] = given
        if (first === undefined || rest.length === 0) return
        expect(moves(settled, assign(rest, settled), new Set(rest.map(({ memberId }) => memberId)))).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it("is as even as different subscriptions allow: no other way to share out has less of a difference", () => {
    const small = mixed.filter(({ topics: given }) => given.flatMap(({ partitions }) => partitions).length <= 7)
    fc.assert(
      fc.property(small, ({ members: given, topics: before }) => {
        const squares = (counts: Iterable<number>) => sum([...counts].map((count) => count * count))
        const found = squares(loads(given, assign(given, before)).values())
        let best = Number.POSITIVE_INFINITY
        for (const counts of waysToShare(given, before)) best = Math.min(best, squares(counts))
        expect(found).toBe(best)
      }),
      { numRuns: 100 },
    )
  })
})

/** The loads of every way to give each partition to one of its subscribers. */
function waysToShare(given: readonly Subscriber[], before: readonly GroupTopic[]): Iterable<readonly number[]> {
  let ways = new Map([["", given.map(() => 0)]])
  for (const { topic, partitions } of before) {
    const subscribed = given.map((member) => member.topics.has(topic))
    if (!subscribed.includes(true)) continue
    for (const _ of partitions) {
      const next = new Map<string, number[]>()
      for (const counts of ways.values()) {
        for (const at of given.keys()) {
          if (subscribed[at] !== true) continue
          const more = counts.with(at, (counts[at] ?? 0) + 1)
          next.set(more.join(), more)
        }
      }
      ways = next
    }
  }
  return ways.values()
}

function sum(all: readonly number[]): number {
  return all.reduce((total, each) => total + each, 0)
}
