/** Idempotent producers: duplicates, gaps, epochs. */
import { describe, expect, it } from "vitest"
import type { PartitionLog } from "../../../functions/log/ports.ts"
import { appended, appendOne, drain, entry, newPartition, values } from "./fixture.ts"

const LAST_SEQUENCE = 2 ** 31 - 1

export function describeProducers(log: () => PartitionLog): void {
  const sequenced = (sequence: number, count = 1, id = 7, epoch = 0) =>
    entry(values(`p${id}.${epoch}.${sequence}`, count), { producer: { id, epoch, sequence } })

  describe("idempotent producers", () => {
    it("get the original offset for a retry, of the last five batches", async () => {
      const partition = await newPartition(log())
      for (let batch = 0; batch < 7; batch++) await appended(log(), partition, sequenced(batch * 2, 2))
      for (let batch = 2; batch < 7; batch++) {
        const retry = await appendOne(log(), partition, sequenced(batch * 2, 2))
        expect(retry).toMatchObject({ kind: "duplicate", baseOffset: batch * 2 })
      }
      for (const old of [0, 2]) {
        expect(await appendOne(log(), partition, sequenced(old, 2))).toMatchObject({ kind: "duplicate" })
      }
      expect(await drain(log(), partition)).toHaveLength(7)
    })

    it("are appended once where first attempt and retry race", async () => {
      const partition = await newPartition(log())
      const race = await Promise.all(Array.from({ length: 8 }, () => appendOne(log(), partition, sequenced(0, 3))))
      expect(race.filter(({ kind }) => kind === "appended")).toHaveLength(1)
      for (const outcome of race) expect(outcome).toMatchObject({ baseOffset: 0 })
      expect(await drain(log(), partition)).toHaveLength(1)
    })

    it("hear of a gap, and may go on where it was expected", async () => {
      const partition = await newPartition(log())
      expect(await appendOne(log(), partition, sequenced(1))).toEqual({ kind: "sequence_gap", expected: 0 })
      await appended(log(), partition, sequenced(0, 3))
      expect(await appendOne(log(), partition, sequenced(4))).toEqual({ kind: "sequence_gap", expected: 3 })
      expect(await appended(log(), partition, sequenced(3))).toBe(3)
    })

    it("of an older epoch are fenced; a newer one begins at sequence 0", async () => {
      const partition = await newPartition(log())
      await appended(log(), partition, sequenced(0, 2, 7, 3))
      expect(await appendOne(log(), partition, sequenced(2, 1, 7, 4))).toEqual({ kind: "sequence_gap", expected: 0 })
      await appended(log(), partition, sequenced(0, 1, 7, 4))
      expect(await appendOne(log(), partition, sequenced(2, 1, 7, 3))).toEqual({ kind: "stale_epoch", epoch: 4 })
    })

    it("wrap around after the last sequence", async () => {
      const partition = await newPartition(log())
      // One batch may claim many sequences by its count; the log only counts them.
      const first = { ...sequenced(0), recordCount: 1 }
      await appended(log(), partition, first)
      const huge = { ...entry(["x"], { producer: { id: 7, epoch: 0, sequence: 1 } }), recordCount: LAST_SEQUENCE - 1 }
      await appended(log(), partition, huge)
      expect(await appendOne(log(), partition, sequenced(1))).toEqual({ kind: "sequence_gap", expected: LAST_SEQUENCE })
      await appended(log(), partition, sequenced(LAST_SEQUENCE, 2))
      expect(await appendOne(log(), partition, sequenced(0))).toMatchObject({ kind: "duplicate" })
      await appended(log(), partition, sequenced(1))
    })

    it("are remembered however many there are", async () => {
      const partition = await newPartition(log())
      const ids = values("id", 40).map((_, index) => 100 + index)
      for (const id of ids) await appended(log(), partition, sequenced(0, 1, id))
      for (const [index, id] of ids.entries()) {
        expect(await appendOne(log(), partition, sequenced(0, 1, id))).toMatchObject({
          kind: "duplicate",
          baseOffset: index,
        })
        await appended(log(), partition, sequenced(1, 1, id))
      }
    })

    it("are answered with the duplicate before any other condition", async () => {
      const partition = await newPartition(log())
      await appended(log(), partition, { ...sequenced(0), matchOffset: 0 })
      const retry = await appendOne(log(), partition, { ...sequenced(0), matchOffset: 0 })
      expect(retry).toMatchObject({ kind: "duplicate", baseOffset: 0 })
    })
  })
}
