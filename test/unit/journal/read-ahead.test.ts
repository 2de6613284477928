import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { Partition } from "../../../functions/storage/embedded/journal/partition.ts"
import { ReadAhead } from "../../../functions/storage/embedded/journal/read-ahead.ts"

const topic = { id: randomUUID(), idBytes: new Uint8Array(16), partitions: [] }
const partition = new Partition(topic, 0)

/** A reader that takes `stretches` of ten offsets in order; the offsets that were read ahead for it. */
function readInOrder(ahead: ReadAhead<string>, stretches: number, maxBytes = 1000, from = partition): number[] {
  const begun: number[] = []
  for (let stretch = 0; stretch < stretches; stretch++) {
    const offset = stretch * 10
    ahead.take(from, offset, maxBytes)
    ahead.follow(from, offset, offset + 10, maxBytes, () => {
      begun.push(offset + 10)
      return `from ${offset + 10}`
    })
  }
  return begun
}

describe("reading ahead", () => {
  it("begins with the second stretch in order", () => {
    expect(readInOrder(new ReadAhead(), 4)).toEqual([20, 30, 40])
  })

  it("does nothing for readers that jump", () => {
    const ahead = new ReadAhead<string>()
    for (const offset of [500, 20, 900, 40]) {
      ahead.follow(partition, offset, offset + 10, 1000, () => expect.unreachable())
    }
  })

  it("gives an answer once, and only to the same request", () => {
    const ahead = new ReadAhead<string>()
    readInOrder(ahead, 2)
    expect(ahead.take(partition, 20, 999)).toBeUndefined()
    expect(ahead.take(new Partition(topic, 0), 20, 1000)).toBeUndefined()
    expect(ahead.take(partition, 20, 1000)).toBe("from 20")
    expect(ahead.take(partition, 20, 1000)).toBeUndefined()
  })

  it("keeps a few answers only, and none of large reads", () => {
    const ahead = new ReadAhead<string>()
    const partitions = Array.from({ length: 20 }, (_, number) => new Partition(topic, number))
    for (const one of partitions) readInOrder(ahead, 2, 1000, one)
    expect(partitions.filter((one) => ahead.take(one, 20, 1000) !== undefined)).toEqual(partitions.slice(-8))
    expect(readInOrder(ahead, 4, 3 * 1024 * 1024)).toEqual([])
  })
})
