import { describe, expect, it } from "vitest"
import { runJournal } from "./journal-run.ts"

const ROUNDS = Number(process.env["STRATALOG_ROUNDS"] ?? 300)

describe("journal on a disk that loses power", () => {
  it("does the same for the same seed", async () => {
    for (const seed of [1, 2, 3]) expect(await runJournal({ seed })).toEqual(await runJournal({ seed }))
  })
  it("keeps its promises", async () => {
    for (let seed = 0; seed < ROUNDS; seed++) {
      try {
        await runJournal({ seed })
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  })
})
