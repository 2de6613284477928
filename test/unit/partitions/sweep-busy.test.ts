import { expect, it } from "vitest"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { sweepPlaced } from "../../../functions/partitions/sweep/sweep-placed.ts"
import { appended, drain, entry, newPartition } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps, uuidOf } from "../../fakes/partitions-deps.ts"

it("sweeps a partition that rolls between the look at its head and the raise of its generation", async () => {
  const { deps, index } = partitionsDeps()
  const log = createIndexedLog(deps)
  const partition = await newPartition(log)
  await index.putItem(partition, uuidOf(1_000, 1), Buffer.from("nobody's"))
  let rolls = 0
  index.requests.interceptor = async ({ name, args }) => {
    const isRaise = name === "commit" && args[1].entry === undefined && args[1].tail.kind === "drop"
    if (!isRaise || rolls === 3) return undefined
    const { interceptor } = index.requests
    index.requests.interceptor = undefined
    const generation = await generationOf()
    while ((await generationOf()) === generation) await appended(log, partition, entry(["x".repeat(100)]))
    index.requests.interceptor = interceptor
    rolls += 1
    return undefined
  }
  expect(await sweepPlaced(deps, partition, { placedBefore: 2_000, maxRemovals: 10 })).toMatchObject({ items: 1 })
  expect(rolls).toBe(3)
  expect((await drain(log, partition)).length).toBeGreaterThan(3)

  async function generationOf(): Promise<number> {
    const read = await index.head(partition)
    if (read.kind !== "head") throw new Error(read.kind)
    return read.head.generation
  }
})
