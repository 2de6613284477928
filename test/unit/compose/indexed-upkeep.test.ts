import { limits } from "stratalog/protocol"
import { portableCodecs } from "stratalog/record-batch"
import { afterAll, expect, it } from "vitest"
import { indexedService } from "../../../functions/compose/indexed-service.ts"
import { appendToPartition } from "../../../functions/log/append/append.ts"
import { indexSizes } from "../../../functions/storage/aws/dynamodb/index-sizes.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { deleteTopic } from "../../../functions/topics/delete/delete-topic.ts"
import { MemoryObjectStore } from "../../fakes/memory-object-store.ts"
import { createMemoryPartitionIndex } from "../../fakes/memory-partition-index.ts"
import { createMemorySegmentIndex } from "../../fakes/memory-segment-index.ts"
import { openTemporaryStorage } from "../../fakes/temporary-storage.ts"

const storage = openTemporaryStorage()
afterAll(() => storage.dispose())

it("what a deleted topic leaves is removed by one sweep, and the topic forgotten by the next", async () => {
  const [index, objects] = [createMemoryPartitionIndex(), new MemoryObjectStore()]
  const parts = { ...storage, index, objects, sizes: indexSizes, segments: createMemorySegmentIndex() }
  const { deps, upkeep } = indexedService(parts, { limits, codecs: portableCodecs(), version: "1" })
  await createTopic({ ...deps, ids: deps.topicIds }, { name: "gone", partitions: 2, config: {} })
  const records = [{ key: null, value: Buffer.alloc(200_000, 7) }]
  const appended = await appendToPartition(deps, { topic: "gone", partition: 1, source: { kind: "records", records } })
  expect(appended.kind).toBe("appended")
  const listed = async () => {
    const page = await objects.list({ prefix: "", limit: 100 })
    return page.kind === "page" ? page.objects.length : undefined
  }
  expect(await listed()).toBe(1)
  await deleteTopic(deps, "gone")
  const options = { until: Number.POSITIVE_INFINITY, sweep: true }
  expect((await upkeep({ ...options, sweep: false })).report.failures).toEqual([])
  expect(await listed()).toBe(1)
  expect((await upkeep(options)).report.failures).toEqual([])
  expect([await listed(), await index.deletedTopics(10)]).toMatchObject([0, { topicIds: [expect.any(String)] }])
  await upkeep(options)
  expect(await index.deletedTopics(10)).toEqual({ kind: "topics", topicIds: [] })
})
