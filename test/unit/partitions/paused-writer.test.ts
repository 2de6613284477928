/** An append whose process stands still for as long as it likes between any two of its requests. */
import { describe, expect, it } from "vitest"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { sweepPlaced } from "../../../functions/partitions/sweep/sweep-placed.ts"
import { appended, drain, entry, newPartition } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

const HOUR = 3_600_000

/** Too large for the head, small enough for an item. */
const placed = () => entry(["x".repeat(2_500)])

describe("an append whose process is paused for longer than the sweep waits", () => {
  it.each(["putItem", "commit"] as const)("in the middle of a %s refers to nothing that was swept", async (where) => {
    let time = 1_763_600_000_000
    const { deps, index } = partitionsDeps({ clock: { now: () => time } }, { appendTimeoutMs: 2 * HOUR })
    const log = createIndexedLog(deps)
    const partition = await newPartition(log)
    await appended(log, partition, entry(["first"]))
    let swept: unknown
    index.requests.interceptor = ({ name }) => {
      if (name !== where) return undefined
      index.requests.interceptor = undefined
      const pause = async () => {
        time += HOUR
        swept = await sweepPlaced(deps, partition, { placedBefore: time - HOUR / 2, maxRemovals: 100 })
      }
      if (where === "commit") return pause().then(() => undefined)
      return { kind: "answer", after: new Promise<void>((resolve) => setImmediate(resolve)).then(pause) }
    }
    expect(await appended(log, partition, placed())).toBe(1)
    expect(swept).toMatchObject({ kind: "swept", items: 1 })
    expect(await drain(log, partition)).toHaveLength(2)
  })
})
