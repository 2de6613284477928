import { portableCodecs } from "stratalog/record-batch"
import { expect, it } from "vitest"
import { indexedUpkeep } from "../../../functions/compose/indexed-upkeep.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import type { Topic, TopicStore } from "../../../functions/topics/ports.ts"
import { appended, entry, newTopic } from "../../contract/partition-log/fixture.ts"
import { createMemorySegmentIndex } from "../../fakes/memory-segment-index.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

const PARTITIONS = 100

it("purges deleted topics though there is no time for all partitions", async () => {
  let time = 1_763_600_000_000
  const { deps, index } = partitionsDeps({ clock: { now: () => (time += 1) } })
  const log = createIndexedLog(deps)
  const id = await newTopic(log, PARTITIONS)
  const deleted = { topicId: await newTopic(log), partition: 0 }
  for (let count = 0; count < 20; count += 1) await appended(log, deleted, entry(["x".repeat(100)]))
  await log.deletePartitions(deleted.topicId)
  const topic: Topic = { id, name: "t", partitions: PARTITIONS, config: {}, createdAt: 0, version: 1 }
  const topics = { list: () => ({ topics: [topic] }) } satisfies Pick<TopicStore, "list">
  const parts = { partitions: deps, segments: createMemorySegmentIndex(), log, codecs: portableCodecs() }
  const { upkeep } = indexedUpkeep({ ...parts, topics })
  for (let round = 0; round < 2; round += 1) {
    const { next, report } = await upkeep({ until: time + 100, sweep: true })
    expect(next).toMatchObject({ partition: expect.any(Number) })
    expect(report.failures).toEqual([])
  }
  expect(await index.deletedTopics(10)).toEqual({ kind: "topics", topicIds: [] })
})
