import { describe, expect, it } from "vitest"
import type { DirectorySyncPurpose, SyncPurpose } from "../../functions/storage/embedded/files/index.ts"
import { type ObjectsRunOptions, runObjects } from "./objects-run.ts"

/** Seeds of each test; a longer search starts where the short one does. */
const ROUNDS = Number(process.env["STRATALOG_ROUNDS"] ?? 100)

/** Runs seeds until one fails; answers what it said. */
async function search(rounds: number, options: Omit<ObjectsRunOptions, "seed">): Promise<string | undefined> {
  for (let seed = 0; seed < rounds; seed++) {
    try {
      await runObjects({ ...options, seed })
    } catch (error) {
      return `seed ${seed}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return undefined
}

describe("objects on a disk that loses power", () => {
  it("do the same for the same seed", async () => {
    for (const seed of [1, 2, 3])
      expect(await runObjects({ seed, faults: 0.02 })).toEqual(await runObjects({ seed, faults: 0.02 }))
  })

  it("are whole or missing, and there once they were acknowledged", async () => {
    expect(await search(ROUNDS, {})).toBeUndefined()
  }, 600_000)

  it("keep this promise while the disk also runs full and fails", async () => {
    expect(await search(ROUNDS, { faults: 0.02 })).toBeUndefined()
  }, 600_000)

  it("come by everything that can happen", async () => {
    const reports = await Promise.all([4, 5, 6, 7].map((seed) => runObjects({ seed, faults: 0.02 })))
    for (const kind of ["stored", "removed", "refused", "unknown", "crashes"] as const) {
      expect(
        reports.reduce((sum, report) => sum + report[kind], 0),
        kind,
      ).toBeGreaterThan(10)
    }
  })
})

describe("a sync of objects left out is found", () => {
  it.each<SyncPurpose | DirectorySyncPurpose>([
    "data_directory",
    "object",
    "object_entry",
    "object_folder",
    "object_removal",
  ])(
    "%s",
    async (purpose) => {
      expect(await search(500, { skipSync: (skipped) => skipped === purpose })).toBeDefined()
    },
    600_000,
  )
})
