import { expect, it } from "vitest"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { appended, drain, entry, newPartition, readFrom } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

it("reads what lies around a placed batch that is gone, and names that where it should lie", async () => {
  const { deps, index } = partitionsDeps({}, { firstBackoffMs: 1, maxBackoffMs: 1 })
  const log = createIndexedLog(deps)
  const partition = await newPartition(log)
  for (const text of ["before", "x".repeat(2_500), "after"]) await appended(log, partition, entry([text]))
  const listed = await index.listItems(partition)
  const [key] = listed.kind === "page" ? listed.keys : []
  if (key === undefined) throw new Error("nothing was placed")
  await index.removeItems(partition, [key])
  expect((await readFrom(log, partition, 0)).batches.map(({ baseOffset }) => baseOffset)).toEqual([0])
  expect(await log.read(partition, { offset: 1, maxBytes: 1_000_000 })).toEqual({
    kind: "corrupt",
    where: `item ${key}`,
    detail: "Offset 1 should lie there, and nothing does.",
  })
  expect(await drain(log, partition, 2)).toHaveLength(1)
})
