/** However many producers append at once, no commit names more than an index can carry out. */
import { describe, expect, it } from "vitest"
import type { AppendEntry } from "../../../functions/log/ports.ts"
import { groupLength } from "../../../functions/partitions/append/decide.ts"
import { MAX_ADVANCED_PRODUCERS, MAX_EVICTED_PRODUCERS } from "../../../functions/partitions/commit-shape.ts"
import { producersToEvict } from "../../../functions/partitions/roll/decide.ts"
import { EMPTY_HEAD } from "../../../functions/storage/aws/dynamodb/codec/head.ts"

function entryOf(id: number): AppendEntry {
  return { batch: new Uint8Array(100), recordCount: 1, maxTimestamp: 0, producer: { id, epoch: 0, sequence: 0 } }
}

describe("a group", () => {
  it("ends before a producer too many", () => {
    const many = Array.from({ length: 60 }, (_, id) => entryOf(id))
    expect(groupLength(many)).toBe(MAX_ADVANCED_PRODUCERS)
    const few = Array.from({ length: 60 }, (_, number) => entryOf(number % MAX_ADVANCED_PRODUCERS))
    expect(groupLength(few)).toBe(60)
  })

  it("makes room by no more producers than can leave at once, and by more than came", () => {
    const position = { epoch: 0, laps: 0, lastSequence: 0 }
    const producers = new Map(Array.from({ length: 120 }, (_, id) => [id, position]))
    const coming = Array.from({ length: MAX_ADVANCED_PRODUCERS }, (_, number) => 1_000 + number)
    expect(producersToEvict({ ...EMPTY_HEAD, producers }, coming, 32)).toHaveLength(MAX_EVICTED_PRODUCERS)
    expect(MAX_EVICTED_PRODUCERS).toBeGreaterThan(MAX_ADVANCED_PRODUCERS)
  })
})
