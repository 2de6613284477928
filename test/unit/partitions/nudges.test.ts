/** What a nudge does to the append that gives it: nothing, but to wait where the process would be frozen. */
import { expect, it } from "vitest"
import type { TieringNudges } from "../../../functions/partitions/dependencies.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { appended, drain, entry, newPartition } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

const APPENDS = 40
const one = entry(["x".repeat(500)])

async function appendAll(nudges: TieringNudges | undefined, rollInBackground: boolean, nudgeBytes = 1_000) {
  const { deps } = partitionsDeps(nudges && { nudges }, { nudgeBytes, rollInBackground })
  const log = createIndexedLog(deps)
  const partition = await newPartition(log)
  for (let count = 0; count < APPENDS; count += 1) await appended(log, partition, { ...one, batch: one.batch.slice() })
  return drain(log, partition)
}

it("nobody is nudged where nobody asks for it", async () => {
  expect(await appendAll(undefined, false)).toHaveLength(APPENDS)
})

it("there is at most one for each append, however low the bound is", async () => {
  let nudged = 0
  const nudges: TieringNudges = {
    nudge: async () => {
      nudged += 1
    },
  }
  await appendAll(nudges, false, 1)
  expect(nudged).toBeGreaterThan(0)
  expect(nudged).toBeLessThan(APPENDS)
})

it("an append waits for its nudge where the process is frozen once it has answered", async () => {
  let started = 0
  let ended = 0
  const nudges: TieringNudges = {
    nudge: async () => {
      started += 1
      await new Promise((resolve) => setTimeout(resolve, 5))
      ended += 1
    },
  }
  await appendAll(nudges, false)
  expect(started).toBeGreaterThan(0)
  expect(ended).toBe(started)
})

it("no append waits for a nudge where the process lives on", async () => {
  let started = 0
  const nudges: TieringNudges = {
    nudge: () => {
      started += 1
      return new Promise(() => undefined)
    },
  }
  expect(await appendAll(nudges, true)).toHaveLength(APPENDS)
  expect(started).toBeGreaterThan(0)
})

it("not even a nudge that breaks its promise fails an append", async () => {
  for (const rollInBackground of [true, false]) {
    const rejects = { nudge: () => Promise.reject(new Error("broken")) }
    expect(await appendAll(rejects, rollInBackground)).toHaveLength(APPENDS)
    const throws = {
      nudge: () => {
        throw new Error("broken at once")
      },
    }
    expect(await appendAll(throws, rollInBackground)).toHaveLength(APPENDS)
  }
})
