import "./seeded.ts"
import fc from "fast-check"
import { it } from "vitest"
import { groupRows, lagRows, memberRows } from "../../../sdk/cli/watch/group-rows.ts"
import { outlookOf, secondsToCatchUp } from "../../../sdk/cli/watch/pace.ts"
import { type Seen, seeing } from "../../../sdk/cli/watch/seen.ts"
import { topicRows } from "../../../sdk/cli/watch/topic-rows.ts"
import { groupLook, lookAt, topicLook } from "../../fakes/looks.ts"

const offset = fc.nat(1_000)
/** One topic and a group that reads it: both may come and go, be made anew, and be set back in between. */
const look = fc.record({
  passed: fc.nat(5_000),
  clockSet: fc.constantFrom(0, 0, 0, -100_000, 100_000),
  id: fc.constantFrom("1", "1", "1", "2"),
  isThere: fc.constantFrom(true, true, true, false),
  partitions: fc.array(
    fc.record({
      start: offset,
      records: offset,
      bytes: fc.option(fc.nat(100_000), { nil: undefined }),
      committed: fc.option(offset),
    }),
    { maxLength: 3 },
  ),
})

it("whatever comes between two looks, nothing is read or appended less than never, and no time to come is past", () => {
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 12 }), (looks) => {
      let seen: Seen | undefined
      let [at, time] = [0, 0]
      for (const { passed, clockSet, id, isThere, partitions } of looks) {
        at += passed
        time += passed + clockSet
        const ends = partitions.map(({ start, records, bytes }) => [start, start + records, bytes] as const)
        const progress = partitions.map(
          ({ start, records, committed }) => [committed, start + records, committed === null ? null : "m"] as const,
        )
        const [topics, groups] = isThere ? [[topicLook(at, ends, { id })], [groupLook(at, progress)]] : [[], []]
        seen = seeing(seen, lookAt(at, { time, topics, groups }))
        check(seen)
      }
    }),
    { numRuns: 2_000 },
  )
})

function check(seen: Seen): void {
  const rates = [
    ...topicRows(seen).flatMap(({ recordsPerSecond, bytesPerSecond }) => [recordsPerSecond, bytesPerSecond]),
    ...[...groupRows(seen), ...lagRows(seen), ...memberRows(seen)].flatMap((row) => {
      const { producedPerSecond, consumedPerSecond } = row
      return [producedPerSecond, consumedPerSecond, secondsToCatchUp(row)]
    }),
  ]
  for (const rate of rates) {
    if (rate !== null && !(rate >= 0 && Number.isFinite(rate))) throw new Error(`a rate of ${rate}`)
  }
  for (const row of lagRows(seen)) {
    if ((outlookOf(row) === "catching_up") !== (secondsToCatchUp(row) !== null))
      throw new Error("catching up, but when?")
  }
}
