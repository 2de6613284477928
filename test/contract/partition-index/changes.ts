import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { HeadChange } from "../../../functions/partitions/ports.ts"
import { append, commitOf, committed, headOf, type Index, newEntry, newPartition } from "./fixture.ts"

const CHANGES: readonly { readonly change: HeadChange; readonly again: HeadChange; readonly fields: object }[] = [
  {
    change: { kind: "log_start", from: 0, to: 5, bytesBelowStart: 700 },
    again: { kind: "log_start", from: 5, to: 6, bytesBelowStart: 0 },
    fields: { logStartOffset: 5, bytesBelowStart: 700 },
  },
  {
    change: { kind: "tiered_to", from: 0, to: 3 },
    again: { kind: "tiered_to", from: 3, to: 4 },
    fields: { tieredTo: 3 },
  },
  {
    change: { kind: "fence", from: undefined, to: "mine" },
    again: { kind: "fence", from: "mine", to: undefined },
    fields: { fencingToken: "mine" },
  },
]

export function describeChanges(index: Index): void {
  describe("a change", () => {
    for (const { change, again, fields } of CHANGES) {
      it(`of ${change.kind} is made where it begins at what is there, and changes nothing else`, async () => {
        const partition = await newPartition(index())
        const before = committed(await append(index(), partition, newEntry(10)))
        expect(await index().change(partition, again)).toEqual({ kind: "refused", head: before })
        const after = { ...before, ...fields }
        expect(await index().change(partition, change)).toEqual({ kind: "committed", head: after })
        expect(await headOf(index(), partition)).toEqual(after)
        expect(await index().change(partition, change)).toEqual({ kind: "refused", head: after })
        expect(await headOf(index(), partition)).toEqual(after)
        expect(await index().change(partition, again)).toMatchObject({ kind: "committed" })
        expect(await index().change(partition, again)).toMatchObject({ kind: "refused" })
      })
    }

    it("of a token may set it to no text at all", async () => {
      const partition = await newPartition(index())
      await index().change(partition, { kind: "fence", from: undefined, to: "" })
      expect((await headOf(index(), partition)).fencingToken).toBe("")
      await index().change(partition, { kind: "fence", from: "", to: undefined })
      expect((await headOf(index(), partition)).fencingToken).toBeUndefined()
    })

    it("of several at once lets one through", async () => {
      const partition = await newPartition(index())
      const outcomes = await Promise.all(
        ["a", "b", "c", "d"].map((to) => index().change(partition, { kind: "fence", from: undefined, to })),
      )
      expect(outcomes.filter(({ kind }) => kind === "committed")).toHaveLength(1)
    })
  })

  describe("a partition that is not there", () => {
    const unknown = { kind: "unknown_partition" }

    it("is unknown to all that asks for its head, and stays so", async () => {
      const made = await newPartition(index())
      for (const partition of [
        { ...made, partition: 1 },
        { topicId: randomUUID(), partition: 0 },
      ]) {
        expect(await index().head(partition)).toEqual(unknown)
        expect(await append(index(), partition)).toEqual(unknown)
        const replace = { tail: { kind: "replace" }, nextOffset: 0, nextGeneration: 1_001 } as const
        expect(await index().commit(partition, commitOf(replace))).toEqual(unknown)
        for (const { change } of CHANGES) expect(await index().change(partition, change)).toEqual(unknown)
        expect(await index().head(partition)).toEqual(unknown)
      }
    })
  })
}
