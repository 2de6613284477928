import { describe, expect, it } from "vitest"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import { type Commit, type Entry, tailBase } from "../../../functions/partitions/ports.ts"
import { append, commitOf, committed, headOf, type Index, newEntry, newPartition, placedEntry } from "./fixture.ts"

export function describeCommits(index: Index): void {
  describe("a commit", () => {
    it("appends to the tail, and answers with the whole head", async () => {
      const partition = await newPartition(index())
      const entries = [newEntry(), newEntry(5), placedEntry("item", 2), placedEntry("object", 3)]
      for (const entry of entries) committed(await append(index(), partition, entry))
      const head = await headOf(index(), partition)
      expect(head).toMatchObject({ generation: 0, logStartOffset: 0, tieredTo: 0, nextOffset: 11, tail: entries })
      expect(head.bytesAppended).toBe(entries.reduce((sum, { bytes }) => sum + bytes, 0))
      expect(tailBase(head)).toBe(0)
      const outcome = await append(index(), partition)
      expect(outcome).toEqual({ kind: "committed", head: await headOf(index(), partition) })
    })

    it("keeps what a batch says of its producer, and bytes that nobody shares", async () => {
      const partition = await newPartition(index())
      const entry = newEntry()
      const sequence = { id: 7, epoch: 1, sequence: 40, recordCount: 1, recordsBefore: 0, maxTimestamp: 5 }
      const before = structuredClone(entry.placement)
      const head = committed(await append(index(), partition, { ...entry, sequences: [sequence] }))
      for (const { placement } of [entry, ...head.tail]) if (placement.kind === "inline") placement.batches.fill(255)
      const [stored] = (await headOf(index(), partition)).tail
      expect(stored?.placement).toEqual(before)
      expect(stored?.sequences).toEqual([sequence])
    })

    it("counts the bytes that the tail takes, and appends up to a limit of them", async () => {
      const partition = await newPartition(index())
      const { tailBytes } = committed(await append(index(), partition))
      expect(tailBytes).toBeGreaterThan(0)
      const limit = (bytes: number) => ({ tail: { kind: "append", limit: bytes } }) as const
      await refuses(partition, { entry: newEntry(), ...limit(tailBytes) })
      committed(await append(index(), partition, newEntry(), limit(tailBytes + 1)))
      committed(await append(index(), partition, newEntry(), limit(Number.POSITIVE_INFINITY)))
    })

    it("needs exactly its generation, or one that is not past it", async () => {
      const partition = await newPartition(index())
      await roll(partition, 5)
      for (const generation of [{ exactly: 4 }, { exactly: 6 }, { atMost: 4 }]) {
        await refuses(partition, { entry: newEntry(), generation })
      }
      for (const generation of [{ exactly: 5 }, { atMost: 5 }, { atMost: 500 }]) {
        expect(committed(await append(index(), partition, newEntry(), { generation })).generation).toBe(5)
      }
    })

    it("raises the generation, and no attempt under an older one lands any more", async () => {
      const partition = await newPartition(index())
      const head = committed(
        await append(index(), partition, newEntry(), { generation: { atMost: 8 }, nextGeneration: 9 }),
      )
      expect(head).toMatchObject({ generation: 9, nextOffset: 1 })
      await refuses(partition, { entry: newEntry(), generation: { atMost: 8 } })
    })

    it("is refused where its entry is in the tail", async () => {
      const partition = await newPartition(index())
      const entries = [newEntry(), placedEntry("item"), placedEntry("object")]
      for (const entry of entries) committed(await append(index(), partition, entry))
      for (const entry of entries) await refuses(partition, { entry })
      const { nextOffset } = await headOf(index(), partition)
      const [first = newEntry()] = entries
      await refuses(partition, { entry: first, tail: { kind: "replace" }, nextOffset, nextGeneration: 1_001 })
    })

    it("needs its next offset", async () => {
      const partition = await newPartition(index())
      committed(await append(index(), partition, newEntry(3), { nextOffset: 0 }))
      await refuses(partition, { entry: newEntry(), nextOffset: 0 })
      await refuses(partition, { entry: newEntry(), nextOffset: 4 })
      committed(await append(index(), partition, newEntry(), { nextOffset: 3 }))
    })

    it("needs its fencing token", async () => {
      const partition = await newPartition(index())
      await refuses(partition, { entry: newEntry(), fencingToken: "mine" })
      await index().change(partition, { kind: "fence", from: undefined, to: "mine" })
      await refuses(partition, { entry: newEntry(), fencingToken: "other" })
      committed(await append(index(), partition, newEntry(), { fencingToken: "mine" }))
      committed(await append(index(), partition))
    })

    it("needs all of its conditions at once", async () => {
      const partition = await newPartition(index())
      await index().change(partition, { kind: "fence", from: undefined, to: "mine" })
      const { tailBytes } = committed(await append(index(), partition))
      const right = {
        generation: { exactly: 0 },
        nextOffset: 1,
        fencingToken: "mine",
        tail: { kind: "append", limit: tailBytes + 1 },
        producers: [{ id: 1, from: "new", to: { epoch: 0, laps: 0, lastSequence: 0 } }],
      } as const
      const wrong: readonly Partial<Commit>[] = [
        { generation: { exactly: 1 } },
        { nextOffset: 2 },
        { fencingToken: "other" },
        { tail: { kind: "append", limit: tailBytes } },
        {
          producers: [
            { id: 1, from: { epoch: 0, laps: 0, lastSequence: 1 }, to: { epoch: 0, laps: 0, lastSequence: 2 } },
          ],
        },
      ]
      for (const part of wrong) await refuses(partition, { entry: newEntry(), ...right, ...part })
      committed(await append(index(), partition, newEntry(), right))
    })

    it("replaces the tail by its entry, or by nothing", async () => {
      const partition = await newPartition(index())
      for (let count = 0; count < 3; count += 1) committed(await append(index(), partition))
      const own = newEntry(4)
      const replace = { tail: { kind: "replace" }, nextGeneration: 2, generation: { atMost: 1 } } as const
      await refuses(partition, { ...replace, entry: own, nextOffset: 2 })
      const head = committed(await index().commit(partition, commitOf({ ...replace, entry: own, nextOffset: 3 })))
      expect(head).toMatchObject({ generation: 2, nextOffset: 7, tail: [own] })
      expect(tailBase(head)).toBe(3)
      const more = { ...replace, generation: { exactly: 2 }, nextGeneration: 3, nextOffset: 7 }
      expect(committed(await index().commit(partition, commitOf(more)))).toMatchObject({
        generation: 3,
        nextOffset: 7,
        tail: [],
        tailBytes: 0,
      })
    })

    it("drops the oldest entries, and appends in the same stroke", async () => {
      const partition = await newPartition(index())
      const entries = Array.from({ length: 12 }, () => newEntry())
      const sizes: number[] = []
      for (const entry of entries) sizes.push(committed(await append(index(), partition, entry)).tailBytes)
      const drop = (count: number) => ({ kind: "drop", count, bytes: sizes[count - 1] ?? 0 }) as const
      const rolled = committed(
        await index().commit(partition, commitOf({ generation: { exactly: 0 }, nextGeneration: 1, tail: drop(10) })),
      )
      expect(rolled).toMatchObject({ generation: 1, nextOffset: 12, tail: entries.slice(10) })
      expect(rolled.tailBytes).toBe((sizes[11] ?? 0) - (sizes[9] ?? 0))
      expect(tailBase(rolled)).toBe(10)
      await refuses(partition, { generation: { exactly: 0 }, nextGeneration: 1, tail: drop(1) })
      const own = newEntry()
      const both = { generation: { exactly: 1 }, nextGeneration: 2, tail: drop(1), entry: own } as const
      const head = committed(await index().commit(partition, commitOf(both)))
      expect(head).toMatchObject({ generation: 2, nextOffset: 13, tail: [entries[11], own] })
    })

    it("that could lose what its caller has not seen is a mistake of the caller", async () => {
      const partition = await newPartition(index())
      const wrong: readonly Partial<Commit>[] = [
        { tail: { kind: "replace" }, nextGeneration: 1_001 },
        { tail: { kind: "replace" }, nextOffset: 0 },
        { tail: { kind: "drop", count: 1, bytes: 0 }, nextGeneration: 1_001 },
        { tail: { kind: "drop", count: 1, bytes: 0 }, generation: { exactly: 0 } },
        { nextGeneration: 1_000 },
        { evict: [{ id: 1, position: { epoch: 0, laps: 0, lastSequence: 0 } }] },
      ]
      for (const parts of wrong) {
        await expect(append(index(), partition, newEntry(), parts), JSON.stringify(parts)).rejects.toThrow(TypeError)
      }
      await expect(index().commit(partition, commitOf({}))).rejects.toThrow(TypeError)
    })

    it("has an order among fifty at once: offsets are dense, none is lost", async () => {
      const partition = await newPartition(index())
      const entries = Array.from({ length: 50 }, (_, number) => newEntry((number % 3) + 1))
      const heads = await Promise.all(entries.map(async (entry) => committed(await append(index(), partition, entry))))
      const records = entries.reduce((sum, { recordCount }) => sum + recordCount, 0)
      const { tail, nextOffset } = await headOf(index(), partition)
      expect(nextOffset).toBe(records)
      expect(tail.map(({ id }) => id).sort()).toEqual(entries.map(({ id }) => id).sort())
      for (const [number, entry] of entries.entries()) {
        expect(heads[number]?.nextOffset).toBe(endIn(tail, entry))
      }
    })

    async function roll(partition: PartitionRef, generation: number): Promise<void> {
      const { nextOffset } = await headOf(index(), partition)
      const commit = commitOf({
        generation: { atMost: generation - 1 },
        nextGeneration: generation,
        tail: { kind: "replace" },
        nextOffset,
      })
      committed(await index().commit(partition, commit))
    }

    async function refuses(partition: PartitionRef, parts: Partial<Commit>): Promise<void> {
      const head = await headOf(index(), partition)
      expect(await index().commit(partition, commitOf(parts)), JSON.stringify(parts)).toEqual({ kind: "refused", head })
      expect(await headOf(index(), partition)).toEqual(head)
    }
  })
}

/** The offset after `entry` in a tail that begins at 0. */
function endIn(tail: readonly Entry[], entry: Entry): number {
  const upTo = tail.slice(0, tail.findIndex(({ id }) => id === entry.id) + 1)
  return upTo.reduce((sum, { recordCount }) => sum + recordCount, 0)
}
