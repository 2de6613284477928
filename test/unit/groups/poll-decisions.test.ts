import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { GroupMember } from "../../../functions/groups/members/state.ts"
import { assignedPartitions, inTurn } from "../../../functions/groups/poll/assigned.ts"
import { waitTime } from "../../../functions/groups/poll/wait-time.ts"
import { type ResetTo, resetOffset } from "../../../functions/groups/reset/decide.ts"
import { memberOf as member, T0 as NOW } from "../../contract/group-states.ts"

describe("whose turn it is", () => {
  it("comes to every partition soon, however the member's numbers go up", () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      (partitions, step, begin) => {
        const all = Array.from({ length: partitions }, (_, index) => index)
        const first = new Set<number | undefined>()
        for (let poll = 0; poll < 12 * partitions; poll++) first.add(inTurn(all, begin + poll * step)[0])
        return first.size === partitions
      },
    )
    fc.assert(property)
  })

  it("changes their order only", () => {
    const property = fc.property(fc.array(fc.integer()), fc.maxSafeNat(), (all, number) => {
      expect([...inTurn(all, number)].sort()).toEqual([...all].sort())
    })
    fc.assert(property)
  })
})

describe("what a poll reads", () => {
  it("is what the member holds and shall have, without what it paused", () => {
    const [held, leaving, coming] = [{ holder: "a", target: "a" }, { holder: "a", target: "b" }, { target: "a" }]
    const topics = [{ topicId: "1", topic: "orders", partitions: [held, leaving, coming, held] }]
    const state = { epoch: 1, members: [], topics }
    const numbers = (paused?: { topic: string; partitions: number[] }[]) =>
      assignedPartitions(state, "a", paused).map(({ partition }) => partition.partition)
    expect(numbers()).toEqual([0, 3])
    expect(numbers([{ topic: "orders", partitions: [3, 9] }])).toEqual([0])
  })
})

describe("how long a poll waits", () => {
  const at = { holder: "a", target: "a" }
  const wait = (others: GroupMember[], options: { asked?: number; hearsAll?: boolean; partitions?: object[] } = {}) => {
    const { asked = 60_000, hearsAll = true, partitions = [at] } = options
    const own = member("a")
    const state = { epoch: 1, members: [own, ...others], topics: [{ topicId: "1", topic: "orders", partitions }] }
    return waitTime({ state, member: own }, { seen: new Map(), now: NOW, asked }, { hearsAll })
  }

  it("is what was asked for, a third of the session at most", () => {
    expect(wait([], { asked: 100 })).toBe(100)
    expect(wait([])).toBe(15_000)
  })

  it("is until the next heartbeat where other processes change the group, or it has something to give up", () => {
    expect(wait([], { hearsAll: false })).toBe(5_000)
    expect(wait([], { partitions: [{ holder: "a", target: "b" }] })).toBe(500)
    expect(wait([], { partitions: [{ holder: "b", target: "a" }] })).toBe(15_000)
  })

  it("is until somebody else's time is over", () => {
    expect(wait([member("b", { sessionTimeoutMs: 3_000 })])).toBe(3_001)
    expect(wait([member("b", { revokingSince: NOW - 1_000, rebalanceTimeoutMs: 1_500 })])).toBe(501)
    expect(wait([member("b", { sessionTimeoutMs: 1_000, joinedAt: NOW - 5_000 })])).toBe(50)
  })
})

describe("where a reset goes", () => {
  const facts = { logStartOffset: 10, highWatermark: 20, committedOffset: 12, offsetAtTime: 15 }
  const cases: [ResetTo, number][] = [
    [{ kind: "earliest" }, 10],
    [{ kind: "latest" }, 20],
    [{ kind: "offset", offset: 13 }, 13],
    [{ kind: "offset", offset: 3 }, 10],
    [{ kind: "offset", offset: 30 }, 20],
    [{ kind: "timestamp", timestamp: 0 }, 15],
    [{ kind: "shift", records: 3 }, 15],
    [{ kind: "shift", records: -3 }, 10],
    [{ kind: "shift", records: 30 }, 20],
  ]
  it.each(cases)("%o", (to, offset) => expect(resetOffset(to, facts)).toBe(offset))

  it("is the end where no record is young enough, and nowhere where there is nothing to shift", () => {
    expect(resetOffset({ kind: "timestamp", timestamp: 0 }, { ...facts, offsetAtTime: null })).toBe(20)
    expect(resetOffset({ kind: "shift", records: 1 }, { ...facts, committedOffset: null })).toBeUndefined()
  })
})
