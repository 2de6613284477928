import { portableCrc32c } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import type {
  DirectorySyncPurpose,
  FileLayer,
  OpenFile,
  SyncPurpose,
} from "../../functions/storage/embedded/files/index.ts"
import { type RunOptions, runJournal } from "./journal-run.ts"

/** Seeds of each test; a longer search starts where the short one does. */
const ROUNDS = Number(process.env["STRATALOG_ROUNDS"] ?? 150)

const FAULTS = { full: 0.01, failing: 0.005 }
const MANY_FAULTS = { full: 0.05, failing: 0.01 }

/** Runs seeds until one fails; answers what it said. */
async function search(rounds: number, options: Omit<RunOptions, "seed">): Promise<string | undefined> {
  for (let seed = 0; seed < rounds; seed++) {
    try {
      await runJournal({ ...options, seed })
    } catch (error) {
      return `seed ${seed}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return undefined
}

describe("journal on a disk that loses power", () => {
  it("does the same for the same seed", async () => {
    for (const seed of [1, 2, 3]) {
      for (const faults of [undefined, FAULTS]) {
        const options = faults === undefined ? { seed } : { seed, faults }
        expect(await runJournal(options)).toEqual(await runJournal(options))
      }
    }
  })

  it("keeps what it acknowledged, and nothing that had failed", async () => {
    expect(await search(ROUNDS, {})).toBeUndefined()
  }, 600_000)

  it("keeps its promises while the disk also runs full and fails", async () => {
    expect(await search(ROUNDS, { faults: FAULTS })).toBeUndefined()
    expect(await search(ROUNDS, { faults: MANY_FAULTS })).toBeUndefined()
  }, 600_000)

  it("comes by everything that can happen", async () => {
    const reports = await Promise.all([4, 5, 6, 7, 8, 9].map((seed) => runJournal({ seed, faults: MANY_FAULTS })))
    const sum = (of: (report: (typeof reports)[number]) => number): number => {
      return reports.reduce((total, report) => total + of(report), 0)
    }
    for (const kind of ["flush", "roll", "reclaimed", "recovered", "failure"] as const) {
      expect(
        sum((report) => report.events[kind]),
        kind,
      ).toBeGreaterThan(0)
    }
    expect(sum((report) => report.acknowledged)).toBeGreaterThan(100)
    expect(sum((report) => report.unavailable)).toBeGreaterThan(10)
    expect(sum((report) => report.truncatedBytes)).toBeGreaterThan(0)
    expect(sum((report) => report.crashes)).toBeGreaterThan(10)
  })
})

/**
 * Each sync is left out in turn. Two are missing from the list because nothing depends on them: a sidecar that is torn
 * or lost only makes the next start read the file itself, and a removal that is undone brings back files that hold
 * nothing, which the next start removes again.
 */
const NEEDED: readonly (readonly [SyncPurpose | DirectorySyncPurpose, RunOptions["faults"] | undefined])[] = [
  ["append", undefined],
  ["new_file", undefined],
  ["data_directory", undefined],
  ["recovery", undefined],
  ["undo", MANY_FAULTS],
  ["seal", MANY_FAULTS],
]

describe("a sync left out is found", () => {
  it.each(NEEDED)(
    "%s",
    async (purpose, faults) => {
      const skipSync = (skipped: SyncPurpose | DirectorySyncPurpose): boolean => skipped === purpose
      expect(await search(2000, faults === undefined ? { skipSync } : { skipSync, faults })).toBeDefined()
    },
    600_000,
  )

  it.each(["sidecar", "removal"] as const)("%s is not needed", async (purpose) => {
    expect(await search(50, { skipSync: (skipped) => skipped === purpose, faults: FAULTS })).toBeUndefined()
  })
})

describe("a mistake is found", () => {
  it("acknowledging before the write", async () => {
    expect(await search(50, { wrap: (layer) => withFiles(layer, writesLater) })).toBeDefined()
  })

  it("taking a torn write for whole", async () => {
    const fewBytes = (bytes: Uint8Array, initial?: number): number => portableCrc32c(bytes.subarray(0, 92), initial)
    expect(await search(200, { crc32c: fewBytes })).toBeDefined()
  })

  it("reporting a short write as a whole one", async () => {
    const wholly = (file: OpenFile): OpenFile => ({
      ...file,
      writeNow: (buffers, position) => {
        file.writeNow(buffers, position)
        return buffers.reduce((sum, buffer) => sum + buffer.length, 0)
      },
    })
    expect(await search(200, { wrap: (layer) => withFiles(layer, wholly), faults: MANY_FAULTS })).toBeDefined()
  })
})

function withFiles(layer: FileLayer, change: (file: OpenFile) => OpenFile): FileLayer {
  return { ...layer, open: async (path, mode) => change(await layer.open(path, mode)) }
}

/** Answers a write at once, and does it a turn later: after the sync that should have covered it. */
function writesLater(file: OpenFile): OpenFile {
  const writeNow: OpenFile["writeNow"] = (buffers, position) => {
    const copies = buffers.map((buffer) => buffer.slice())
    setImmediate(() => {
      try {
        file.writeNow(copies, position)
      } catch {
        // The process is dead by now.
      }
    })
    return buffers.reduce((sum, buffer) => sum + buffer.length, 0)
  }
  return { ...file, writeNow }
}
