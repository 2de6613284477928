/** A state comes back from its text as it was, and takes no more than was foreseen. */
import "./seeded.ts"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cellWidth, decodeCells, encodeCells } from "../../../functions/groups/members/cells.ts"
import { decodeGroupState, encodeGroupState } from "../../../functions/groups/members/codec.ts"
import { partitionOf } from "../../../functions/groups/members/partitions.ts"
import { mostBytes } from "../../../functions/groups/members/size.ts"
import type { GroupMember, GroupState } from "../../../functions/groups/members/state.ts"

const count = fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: Number.MAX_SAFE_INTEGER }))
const time = fc.nat({ max: 2 ** 45 })
const name = fc.stringMatching(/^[a-zA-Z0-9._-]{1,40}$/)
const assignor = fc.constantFrom("uniform" as const, "range" as const, "roundrobin" as const)

const member = (memberId: string): fc.Arbitrary<GroupMember> =>
  fc.record(
    {
      memberId: fc.constant(memberId),
      instanceId: name,
      predecessor: name,
      memberEpoch: count,
      joinedEpoch: count,
      topics: fc.array(fc.oneof(name, fc.string({ unit: "binary", maxLength: 20 })), { maxLength: 4 }),
      assignor,
      sessionTimeoutMs: count,
      rebalanceTimeoutMs: count,
      joinedAt: time,
      number: count,
      revokingSince: time,
    },
    {
      requiredKeys: [
        "memberId",
        "memberEpoch",
        "joinedEpoch",
        "topics",
        "assignor",
        "sessionTimeoutMs",
        "rebalanceTimeoutMs",
        "joinedAt",
        "number",
      ],
    },
  )

const state: fc.Arbitrary<GroupState> = fc
  .oneof(fc.uniqueArray(name, { maxLength: 6 }), fc.constant(Array.from({ length: 70 }, (_, index) => `m-${index}`)))
  .chain((ids) => {
    const id = fc.option(fc.constantFrom(...ids, undefined), { nil: undefined })
    const stretch = fc
      .record({ holder: id, target: id, times: fc.integer({ min: 1, max: 9 }) })
      .map(({ holder, target, times }) => Array.from({ length: times }, () => partitionOf(holder, target)))
    const partitions = fc.array(stretch, { maxLength: 8 }).map((stretches) => stretches.flat())
    return fc.record({
      epoch: count,
      members: fc.tuple(...ids.map(member)),
      topics: fc.array(fc.record({ topicId: fc.uuid(), topic: name, partitions }), { maxLength: 4 }),
    })
  })

describe("a group's state", () => {
  it("comes back from its text", () => {
    fc.assert(
      fc.property(state, (given) => {
        expect(decodeGroupState(encodeGroupState(given))).toEqual(given)
      }),
    )
  })

  it("takes no more bytes than its size foretells", () => {
    fc.assert(
      fc.property(state, (given) => {
        expect(new TextEncoder().encode(encodeGroupState(given)).length).toBeLessThanOrEqual(mostBytes(given))
      }),
    )
  })

  it("that is damaged anywhere is refused or is another state, and never breaks anything else", () => {
    fc.assert(
      fc.property(state, fc.nat(), fc.string({ maxLength: 3 }), (given, at, by) => {
        const text = encodeGroupState(given)
        const place = at % text.length
        const damaged = text.slice(0, place) + by + text.slice(place + 1)
        try {
          decodeGroupState(damaged)
        } catch (error) {
          // A version that lost the comma behind it runs into the epoch, and is a later one.
          const names = place < "[1,".length ? ["DamagedState", "NewerFormat"] : ["DamagedState"]
          expect(names).toContain(error instanceof Error ? error.name : error)
        }
      }),
    )
  })
})

describe("cells", () => {
  it("come back, however many values there are, and take no more than plain ones", () => {
    const cells = fc.integer({ min: 1, max: 4_096 }).chain((bound) => {
      const run = fc.tuple(fc.nat({ max: bound - 1 }), fc.integer({ min: 1, max: 20 }))
      return fc.record({ bound: fc.constant(bound), runs: fc.array(run, { maxLength: 30 }) })
    })
    fc.assert(
      fc.property(cells, ({ bound, runs }) => {
        const numbers = runs.flatMap(([value, times]) => Array.from({ length: times }, () => value))
        const width = cellWidth(bound)
        const text = encodeCells(numbers, width)
        expect(decodeCells(text, width, numbers.length)).toEqual(numbers)
        expect(text.length).toBeLessThanOrEqual(numbers.length * width)
      }),
    )
  })
})
