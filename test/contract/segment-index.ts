/** What every `SegmentIndex` promises, whatever it is made of: functions/segments/ports.ts. */
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { PartitionRef } from "../../functions/log/ports.ts"
import type { Segment, SegmentIndex } from "../../functions/segments/ports.ts"

export interface SegmentIndexSubject {
  readonly index: SegmentIndex
  dispose(): Promise<void>
}

export function describeSegmentIndex(name: string, makeSubject: () => Promise<SegmentIndexSubject>): void {
  describe(`${name} is a segment index`, () => {
    let subject: SegmentIndexSubject | undefined
    let index: SegmentIndex
    let partition: PartitionRef
    beforeAll(async () => {
      subject = await makeSubject()
      index = subject.index
    })
    beforeEach(() => {
      partition = { topicId: randomUUID(), partition: 3 }
    })
    afterAll(() => subject?.dispose())

    it("keeps a segment as it is, with up to 256 points", async () => {
      for (const count of [1, 256]) {
        const segment = { ...newSegment(count * 1_000), points: pointsOf(count), compactedTo: count * 77 }
        expect(await index.put(partition, segment)).toEqual({ kind: "put" })
        expect(await index.find(partition, segment.baseOffset)).toEqual({ kind: "segment", segment })
      }
    })

    it("finds the segment with the greatest base at or below an offset", async () => {
      const segments = [10, 20, 2 ** 40].map(newSegment)
      for (const segment of segments.toReversed()) await index.put(partition, segment)
      const found = async (offset: number) => {
        const outcome = await index.find(partition, offset)
        return outcome.kind === "segment" ? outcome.segment.baseOffset : outcome.kind
      }
      expect(await Promise.all([0, 9, 10, 19, 20, 21, 2 ** 40 - 1, 2 ** 40, 2 ** 53 - 1].map(found))).toEqual([
        "none",
        "none",
        10,
        10,
        20,
        20,
        20,
        2 ** 40,
        2 ** 40,
      ])
      expect(await index.find({ ...partition, partition: 4 }, 20)).toEqual({ kind: "none" })
    })

    it("lists by base offset, so many at a time", async () => {
      const segments = Array.from({ length: 12 }, (_, number) => newSegment(number * 10))
      for (const segment of segments.toReversed()) await index.put(partition, segment)
      const list = (from: number, limit: number) => index.list(partition, from, limit)
      expect(await list(0, 12)).toEqual({ kind: "segments", segments, more: false })
      expect(await list(0, 11)).toEqual({ kind: "segments", segments: segments.slice(0, 11), more: true })
      expect(await list(1, 2)).toEqual({ kind: "segments", segments: segments.slice(1, 3), more: true })
      expect(await list(110, 1)).toEqual({ kind: "segments", segments: segments.slice(11), more: false })
      expect(await list(111, 1)).toEqual({ kind: "segments", segments: [], more: false })
    })

    it("takes the first of several with one base offset, and shows it to the others", async () => {
      const rivals = Array.from({ length: 5 }, () => newSegment(7))
      const outcomes = await Promise.all(rivals.map((segment) => index.put(partition, segment)))
      expect(outcomes.filter(({ kind }) => kind === "put")).toHaveLength(1)
      const segment = rivals[outcomes.findIndex(({ kind }) => kind === "put")]
      const exists = { kind: "exists", segment }
      expect(outcomes.filter(({ kind }) => kind === "exists")).toEqual([exists, exists, exists, exists])
      expect(await index.find(partition, 7)).toEqual({ kind: "segment", segment })
    })

    it("begins with version 1", async () => {
      await index.put(partition, { ...newSegment(7), version: 9 })
      expect(await index.find(partition, 7)).toMatchObject({ segment: { version: 1 } })
    })

    it("replaces a version by the next one alone", async () => {
      const first = newSegment(7)
      const second = { ...newSegment(7), version: 2, endOffset: 50 }
      expect(await index.replace(partition, second)).toEqual({ kind: "lost", segment: undefined })
      expect(await index.find(partition, 7)).toEqual({ kind: "none" })
      await index.put(partition, first)
      expect(await index.replace(partition, { ...second, version: 3 })).toEqual({ kind: "lost", segment: first })
      expect(await index.replace(partition, second)).toEqual({ kind: "changed" })
      const rival = { ...newSegment(7), version: 2 }
      expect(await index.replace(partition, rival)).toEqual({ kind: "lost", segment: second })
      expect(await index.find(partition, 7)).toEqual({ kind: "segment", segment: second })
    })

    it("removes the version that is named alone", async () => {
      const segment = newSegment(7)
      await index.put(partition, segment)
      expect(await index.remove(partition, { baseOffset: 7, version: 2 })).toEqual({ kind: "lost", segment })
      expect(await index.remove(partition, segment)).toEqual({ kind: "changed" })
      expect(await index.remove(partition, segment)).toEqual({ kind: "lost", segment: undefined })
      expect(await index.find(partition, 7)).toEqual({ kind: "none" })
    })

    it("lets one of several replacements through", async () => {
      await index.put(partition, newSegment(7))
      const rivals = Array.from({ length: 5 }, () => ({ ...newSegment(7), version: 2 }))
      const outcomes = await Promise.all(rivals.map((segment) => index.replace(partition, segment)))
      const winner = rivals[outcomes.findIndex(({ kind }) => kind === "changed")]
      expect(outcomes.filter(({ kind }) => kind === "changed")).toHaveLength(1)
      expect(await index.find(partition, 7)).toEqual({ kind: "segment", segment: winner })
    })
  })
}

function newSegment(baseOffset: number): Segment {
  return {
    baseOffset,
    endOffset: baseOffset + 10,
    objectKey: `segments/${randomUUID()}.log`,
    bytes: 16_777_216,
    crc32c: 0xdead_beef,
    maxTimestamp: 1_763_600_000_000,
    createdAt: 1_763_600_100_000,
    compactedTo: 0,
    points: pointsOf(2),
    version: 1,
  }
}

function pointsOf(count: number): Segment["points"] {
  return Array.from({ length: count }, (_, number) => ({
    offset: number * 500,
    position: number * 65_536,
    maxTimestampBefore: number === 0 ? Number.MIN_SAFE_INTEGER : 1_763_600_000_000 + number * 1_000,
  }))
}
