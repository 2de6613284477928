import { describe, expect, it } from "vitest"
import { TailMemory } from "../../../functions/storage/embedded/journal/tail-memory.ts"

const bytesOf = (size: number, value: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(value)

describe("tail memory", () => {
  it("keeps a suffix of the journal within its bound", () => {
    const tail = new TailMemory(1_000)
    for (let at = 0; at < 500; at++) tail.add(1 + Math.floor(at / 100), (at % 100) * 10, bytesOf(10, at % 256))
    expect(tail.bytes).toBe(1_000)
    for (let at = 0; at < 500; at++) {
      const found = tail.find(1 + Math.floor(at / 100), (at % 100) * 10, 10)
      expect(found).toEqual(at < 400 ? undefined : bytesOf(10, at % 256))
    }
  })

  it("finds parts of what was written together, and nothing across its end", () => {
    const tail = new TailMemory(1_000)
    const memory = Uint8Array.from({ length: 100 }, (_, index) => index)
    tail.add(7, 50, memory.subarray(0, 40))
    tail.add(7, 90, memory.subarray(40))
    expect(tail.find(7, 85, 10)).toEqual(memory.subarray(35, 45))
    expect(tail.find(7, 149, 1)).toEqual(memory.subarray(99))
    expect(tail.find(7, 149, 2)).toBeUndefined()
    expect(tail.find(7, 49, 1)).toBeUndefined()
    expect(tail.find(6, 90, 1)).toBeUndefined()
    expect(tail.find(8, 90, 1)).toBeUndefined()
  })

  it("keeps nothing where it may not", () => {
    const tail = new TailMemory(0)
    tail.add(1, 0, bytesOf(10, 1))
    expect(tail.find(1, 0, 10)).toBeUndefined()
    expect(tail.bytes).toBe(0)
  })
})
