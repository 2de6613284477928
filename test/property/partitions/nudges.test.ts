/** Under any load upkeep is nudged once for each `nudgeBytes` that went into pages, however many processes append and roll. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { TieringNudges } from "../../../functions/partitions/dependencies.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import type { Head } from "../../../functions/partitions/ports.ts"
import { nudgeIsDue } from "../../../functions/partitions/roll/decide.ts"
import { appended, entry, newPartition } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

const NUDGE_BYTES = 20_000

function bytesOf({ tail }: Pick<Head, "tail">): number {
  return tail.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Each process appends values of its sizes, one after another, all at once. How often `NUDGE_BYTES` passed into pages. */
async function run(processes: readonly (readonly number[])[], rollInBackground: boolean) {
  let nudged = 0
  const nudges: TieringNudges = {
    nudge: async () => {
      nudged += 1
    },
  }
  const settings = { nudgeBytes: NUDGE_BYTES, rollInBackground, firstBackoffMs: 0, maxBackoffMs: 1 }
  const { deps, index } = partitionsDeps({ nudges }, settings)
  const partition = await newPartition(createIndexedLog(deps))
  const appends = processes.map(async (sizes) => {
    const log = createIndexedLog(deps)
    for (const size of sizes) await appended(log, partition, entry(["x".repeat(size)]))
  })
  await Promise.all(appends)
  await new Promise((resolve) => setImmediate(resolve))
  const read = await index.head(partition)
  if (read.kind !== "head") throw new Error(read.kind)
  const inPages = read.head.bytesAppended - bytesOf(read.head)
  return { nudged, multiples: Math.floor(inPages / NUDGE_BYTES) }
}

/** Values that lie in the head, so that no roll moves as much as `NUDGE_BYTES` at once; and, with others, such that do not. */
const inline = fc.nat({ max: 400 })
const sizesOf = (size: fc.Arbitrary<number>) => fc.array(size, { minLength: 60, maxLength: 150, size: "max" })

describe("nudges", () => {
  it("come once for each multiple that passes into pages, with one process", async () => {
    await fc.assert(
      fc.asyncProperty(sizesOf(inline), fc.boolean(), async (appends, rollInBackground) => {
        const { nudged, multiples } = await run([appends], rollInBackground)
        expect(nudged).toBe(multiples)
      }),
      { numRuns: 20, endOnFailure: true },
    )
  })

  it("come once for each multiple, with several processes that race", async () => {
    let total = 0
    await fc.assert(
      fc.asyncProperty(fc.array(sizesOf(inline), { minLength: 2, maxLength: 5 }), async (processes) => {
        const { nudged, multiples } = await run(processes, false)
        expect(nudged).toBe(multiples)
        total += nudged
      }),
      { numRuns: 10, endOnFailure: true },
    )
    expect(total).toBeGreaterThan(10)
  })

  it("come once at the most, where a roll may pass several multiples", async () => {
    const sizes = sizesOf(fc.oneof(inline, fc.nat({ max: 20_000 })))
    await fc.assert(
      fc.asyncProperty(fc.array(sizes, { minLength: 1, maxLength: 3 }), async (processes) => {
        const { nudged, multiples } = await run(processes, false)
        expect(nudged).toBeLessThanOrEqual(multiples)
        expect(nudged).toBeGreaterThan(0)
      }),
      { numRuns: 10, endOnFailure: true },
    )
  })

  it("are due at one roll of all that move a log into pages, wherever they cut it", () => {
    const entries = fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(entries, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (bytes, cuts) => {
        let appended = 0
        let due = 0
        for (let at = 0, roll = 0; at < bytes.length; roll += 1) {
          const tail = bytes.slice(at, at + (cuts[roll % cuts.length] ?? 1)).map((each) => ({ bytes: each }) as never)
          at += tail.length
          appended += bytesOf({ tail })
          if (nudgeIsDue({ bytesAppended: appended, tail }, 1_000_000)) due += 1
        }
        expect(due).toBe(Math.floor(appended / 1_000_000))
      }),
    )
  })
})
