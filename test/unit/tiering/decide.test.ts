import { describe, expect, it } from "vitest"
import { decideTieredTo, type HeldFile } from "../../../functions/storage/embedded/tiering/decide.ts"

const MIB = 1024 * 1024

/** The partition's part of a file of 64 MiB, in MiB. */
function held(endOffset: number, own: number, live = own): HeldFile {
  return { end: 64 * MIB, liveBytes: live * MIB, ownBytes: own * MIB, endOffset }
}

function tieredTo(files: readonly HeldFile[], isCompacted = false): number {
  return decideTieredTo({ isCompacted, highWatermark: 1_000, files })
}

describe("what leaves the journal", () => {
  it("is all of a compacted topic, the file that is being written included", () => {
    expect(tieredTo([], true)).toBe(1_000)
    expect(tieredTo([held(10, 60)], true)).toBe(1_000)
  })

  it("is nothing where there is no sealed file, or none that is mostly dead", () => {
    expect(tieredTo([])).toBe(0)
    expect(tieredTo([held(10, 60), held(20, 1, 40)])).toBe(0)
  })

  it("is what keeps a mostly dead file", () => {
    expect(tieredTo([held(10, 1), held(20, 1)])).toBe(20)
    expect(tieredTo([held(10, 1, 15), held(20, 30)])).toBe(10)
  })

  it("is a log before it too, once that frees as much as it copies", () => {
    const trickle = Array.from({ length: 2 }, (_, index) => held(20 + index, 1))
    expect(tieredTo([held(10, 60)])).toBe(0)
    expect(tieredTo([held(10, 60), ...trickle.slice(1)])).toBe(21)
    expect(tieredTo([held(10, 60), held(11, 60), ...trickle.slice(1)])).toBe(0)
    expect(tieredTo([held(10, 60), held(11, 60), ...trickle])).toBe(21)
  })

  it("counts the dead bytes of a file once for all who keep it", () => {
    // Each of four has a quarter of a file whose 56 dead MiB none of them frees alone.
    expect(tieredTo([held(10, 20, 60), held(20, 2, 8)])).toBe(0)
    expect(tieredTo([held(10, 20, 60), held(20, 2, 8), held(30, 2, 8)])).toBe(30)
  })
})
