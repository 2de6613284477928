import { describe, expect, it } from "vitest"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import {
  MAX_ADVANCED_PRODUCERS,
  MAX_DROPPED_ENTRIES,
  MAX_EVICTED_PRODUCERS,
} from "../../../functions/partitions/commit-shape.ts"
import type { Commit } from "../../../functions/partitions/ports.ts"
import { append, commitOf, committed, headOf, type Index, newEntry, newPartition, position } from "./fixture.ts"

const FULL_CYCLE = 2 ** 31 - 1

export function describeProducers(index: Index): void {
  describe("producers in a head", () => {
    it("start new, and advance from the position that is there", async () => {
      const partition = await newPartition(index())
      await advances(partition, 7, "new", position(0, 4))
      expect((await headOf(index(), partition)).producers).toEqual(new Map([[7, position(0, 4)]]))
      await advances(partition, 7, position(0, 4), position(0, 9))
      for (const from of ["new", position(0, 4), position(0, 10), position(1, 9), position(0, 9, 1)] as const) {
        await refuses(partition, { producers: [{ id: 7, from, to: position(0, 20) }] })
      }
      await refuses(partition, { producers: [{ id: 8, from: position(0, 9), to: position(0, 10) }] })
    })

    it("start anew with a newer epoch, and never with an older one", async () => {
      const partition = await newPartition(index())
      await advances(partition, 7, "new", position(3, 0))
      await refuses(partition, { producers: [{ id: 7, from: "new", to: position(3, 5) }] })
      await advances(partition, 7, position(3, 0), position(3, FULL_CYCLE, 2))
      await refuses(partition, { producers: [{ id: 7, from: "new", to: position(3, 0) }] })
      await refuses(partition, { producers: [{ id: 7, from: "new", to: position(2, 0) }] })
      await advances(partition, 7, "new", position(4, 0))
      expect((await headOf(index(), partition)).producers.get(7)).toEqual(position(4, 0))
    })

    it("count laps, and hold the greatest ids and positions", async () => {
      const partition = await newPartition(index())
      const id = Number.MAX_SAFE_INTEGER
      await advances(partition, id, "new", position(0x7fff, FULL_CYCLE))
      await advances(partition, id, position(0x7fff, FULL_CYCLE), position(0x7fff, 0, 1))
      await refuses(partition, { producers: [{ id, from: position(0x7fff, 0), to: position(0x7fff, 1) }] })
      expect((await headOf(index(), partition)).producers).toEqual(new Map([[id, position(0x7fff, 0, 1)]]))
    })

    it("advance together or not at all", async () => {
      const partition = await newPartition(index())
      await advances(partition, 1, "new", position(0, 0))
      const other = { id: 2, from: "new", to: position(0, 5) } as const
      await refuses(partition, { producers: [other, { id: 1, from: position(0, 1), to: position(0, 2) }] })
      const both = [other, { id: 1, from: position(0, 0), to: position(0, 1) }]
      committed(await append(index(), partition, newEntry(), { producers: both }))
      const { producers } = await headOf(index(), partition)
      expect(Object.fromEntries(producers)).toEqual({ 1: position(0, 1), 2: position(0, 5) })
    })

    it("advance as many at once as a commit may name, while as many leave", async () => {
      const partition = await newPartition(index())
      const sequence = (from: number, count: number) => Array.from({ length: count }, (_, number) => from + number)
      const start = (ids: readonly number[]) => ids.map((id) => ({ id, from: "new" as const, to: position(0, id) }))
      for (const ids of [sequence(0, 30), sequence(30, 30)]) {
        committed(await append(index(), partition, newEntry(), { producers: start(ids) }))
      }
      const all = {
        generation: { exactly: 0 },
        nextGeneration: 1,
        nextOffset: 2,
        tail: { kind: "drop", count: MAX_DROPPED_ENTRIES, bytes: 0 },
        producers: start(sequence(60, MAX_ADVANCED_PRODUCERS)),
        evict: sequence(0, MAX_EVICTED_PRODUCERS).map((id) => ({ id, position: position(0, id) })),
      } as const
      const { producers } = committed(await append(index(), partition, newEntry(), all))
      expect([...producers.keys()].sort((a, b) => a - b)).toEqual(sequence(60, MAX_ADVANCED_PRODUCERS))
      const tooMany: readonly Partial<Commit>[] = [
        { producers: start(sequence(100, MAX_ADVANCED_PRODUCERS + 1)) },
        { evict: sequence(60, MAX_EVICTED_PRODUCERS + 1).map((id) => ({ id, position: position(0, id) })) },
        { tail: { kind: "drop", count: MAX_DROPPED_ENTRIES + 1, bytes: 0 } },
      ]
      for (const parts of tooMany) {
        const commit = { generation: { exactly: 1 }, nextGeneration: 2, ...parts }
        await expect(append(index(), partition, newEntry(), commit)).rejects.toThrow(TypeError)
      }
    })

    it("leave where they are still at the position that was spilled", async () => {
      const partition = await newPartition(index())
      await advances(partition, 1, "new", position(0, 0))
      await advances(partition, 2, "new", position(0, 0))
      const evict = (lastSequence: number) => ({
        generation: { atMost: 5 },
        nextGeneration: 6,
        evict: [{ id: 1, position: position(0, lastSequence) }],
      })
      await refuses(partition, evict(1))
      await refuses(partition, { ...evict(0), evict: [{ id: 3, position: position(0, 0) }] })
      const head = committed(await append(index(), partition, newEntry(), evict(0)))
      expect(head).toMatchObject({ generation: 6, spilled: true })
      expect(head.producers).toEqual(new Map([[2, position(0, 0)]]))
    })

    it("are new after somebody left only for who has looked among the spilled", async () => {
      const partition = await newPartition(index())
      await advances(partition, 1, "new", position(0, 0))
      const evict = [{ id: 1, position: position(0, 0) }]
      committed(await append(index(), partition, newEntry(), { generation: { atMost: 0 }, nextGeneration: 1, evict }))
      const back = { id: 1, from: "new", to: position(0, 1) } as const
      await refuses(partition, { producers: [back] })
      const sure = { producers: [{ ...back, evenIfSpilled: true }] }
      await refuses(partition, { ...sure, generation: { exactly: 2 } })
      committed(await append(index(), partition, newEntry(), { ...sure, generation: { exactly: 1 } }))
      await advances(partition, 1, position(0, 1), position(0, 2))
      await expect(append(index(), partition, newEntry(), sure)).rejects.toThrow(TypeError)
    })

    async function advances(
      partition: PartitionRef,
      id: number,
      from: Commit["producers"][number]["from"],
      to: Commit["producers"][number]["to"],
    ): Promise<void> {
      committed(await append(index(), partition, newEntry(), { producers: [{ id, from, to }] }))
    }

    async function refuses(partition: PartitionRef, parts: Partial<Commit>): Promise<void> {
      const head = await headOf(index(), partition)
      const commit = commitOf({ entry: newEntry(), ...parts })
      expect(await index().commit(partition, commit), JSON.stringify(parts)).toEqual({ kind: "refused", head })
      expect(await headOf(index(), partition)).toEqual(head)
    }
  })

  describe("spilled producers", () => {
    it("are kept by partition and id, only forward", async () => {
      const partition = await newPartition(index())
      const spill = (at: ReturnType<typeof position>) => index().spillProducer(partition, 7, at)
      const spilled = async () => (await index().spilledProducer(partition, 7)) as { position?: unknown }
      expect(await spilled()).toEqual({ kind: "position", position: undefined })
      const steps = [
        [position(1, 5), position(1, 5)],
        [position(1, 4), position(1, 5)],
        [position(0, FULL_CYCLE, 9), position(1, 5)],
        [position(1, FULL_CYCLE), position(1, FULL_CYCLE)],
        [position(1, 0, 1), position(1, 0, 1)],
        [position(1, FULL_CYCLE), position(1, 0, 1)],
        [position(2, 0), position(2, 0)],
      ] as const
      for (const [given, kept] of steps) {
        expect(await spill(given)).toEqual({ kind: "done" })
        expect(await spilled()).toEqual({ kind: "position", position: kept })
      }
      const other = { ...partition, partition: 1 }
      expect(await index().spilledProducer(other, 7)).toEqual({ kind: "position", position: undefined })
      expect(await index().spilledProducer(partition, 8)).toEqual({ kind: "position", position: undefined })
    })

    it("are removed with their partition", async () => {
      const partition = await newPartition(index())
      const other = { ...partition, partition: 1 }
      for (let id = 0; id < 60; id += 1) await index().spillProducer(partition, id, position(0, id))
      await index().spillProducer(other, 1, position(0, 1))
      expect(await index().removeSpilled(partition)).toEqual({ kind: "done" })
      for (const id of [0, 59]) {
        expect(await index().spilledProducer(partition, id)).toEqual({ kind: "position", position: undefined })
      }
      expect(await index().spilledProducer(other, 1)).toEqual({ kind: "position", position: position(0, 1) })
      expect(await index().removeSpilled(partition)).toEqual({ kind: "done" })
    })
  })
}
