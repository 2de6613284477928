import { randomUUID } from "node:crypto"
import { describe } from "vitest"
import type { PartitionLog, PartitionRef } from "../../functions/log/ports.ts"
import { createIndexedLog } from "../../functions/partitions/indexed-log.ts"
import { createRecentLog } from "../../functions/partitions/recent-log.ts"
import { MemoryRecentLog } from "../fakes/memory-recent-log.ts"
import { partitionsDeps } from "../fakes/partitions-deps.ts"
import { TemporaryTieredLog } from "../fakes/temporary-tiered-log.ts"
import { batchOf } from "../unit/segments/fixture.ts"
import { APPENDS, describeRecentLog } from "./recent-log.ts"

describeRecentLog("the fake in memory", async () => {
  const partition = { topicId: randomUUID(), partition: 1 }
  const batches = Array.from({ length: APPENDS }, (_, offset) => batchAt(offset))
  const pages = Array.from({ length: 5 }, (_, page) => ({
    batches: batches.slice(page * 7, page * 7 + 7),
    storedAt: 1,
  }))
  return { recent: new MemoryRecentLog(partition, pages, batches.slice(35)), partition, dispose: async () => undefined }
})

describeRecentLog("the log over an index", async () => {
  const { deps } = partitionsDeps()
  const partition = await filled(createIndexedLog(deps))
  return { recent: createRecentLog(deps), partition, dispose: async () => undefined }
})

describe.each([4096, undefined])("in journal files of %s bytes", (fileBytes) => {
  describeRecentLog("the journal", async () => {
    const tiered = new TemporaryTieredLog(fileBytes === undefined ? {} : { fileBytes })
    const partition = await filled(await tiered.open())
    const dispose = async () => {
      await tiered.close()
      tiered.directory.dispose()
    }
    return { recent: tiered.parts.recent, partition, dispose }
  })
})

async function filled(log: PartitionLog): Promise<PartitionRef> {
  const partition = { topicId: randomUUID(), partition: 1 }
  await log.createPartitions(partition.topicId, 2)
  for (let offset = 0; offset < APPENDS; offset++) {
    const { bytes, recordCount, maxTimestamp } = batchAt(offset)
    const [outcome] = await log.append(partition, [{ batch: bytes, recordCount, maxTimestamp }])
    if (outcome?.kind !== "appended") throw new Error(JSON.stringify(outcome))
  }
  return partition
}

function batchAt(offset: number) {
  return batchOf([{ timestamp: 1_000 + offset, key: null, value: Buffer.alloc(300, offset) }], offset)
}
