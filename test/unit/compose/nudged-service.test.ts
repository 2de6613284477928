/** Whoever composes a service with nudges gets them, and partitions are named so that upkeep finds them. */
import { limits } from "stratalog/protocol"
import { portableCodecs } from "stratalog/record-batch"
import { afterAll, expect, it } from "vitest"
import { indexedService } from "../../../functions/compose/indexed-service.ts"
import { produceService } from "../../../functions/compose/produce-service.ts"
import { appendToPartition } from "../../../functions/log/append/append.ts"
import type { AppendDependencies } from "../../../functions/log/dependencies.ts"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { indexedInMemory } from "../../fakes/indexed-storage.ts"
import { openTemporaryStorage } from "../../fakes/temporary-storage.ts"

const storage = openTemporaryStorage()
afterAll(() => storage.dispose())

it.each(["the whole API", "the function that appends"])("%s nudges upkeep, which then makes segments", async (what) => {
  const parts = indexedInMemory(storage)
  const nudged: PartitionRef[] = []
  const nudges = { nudge: async (partition: PartitionRef) => void nudged.push(partition) }
  const settings = { nudgeBytes: 20_000, rollInBackground: false }
  const options = { limits, codecs: portableCodecs(), version: "1", settings, nudges }
  // Pages are young for a quarter of an hour, and segments have megabytes.
  const service = indexedService(parts, { ...options, upkeep: { minTierAgeMs: -1, segmentBytes: 10_000 } })
  const deps: AppendDependencies = what === "the whole API" ? service.deps : produceService(parts, options)
  const topic = `t-${what.length}`
  await createTopic({ ...service.deps, ids: service.deps.topicIds }, { name: topic, partitions: 2, config: {} })
  for (let count = 0; count < 50; count += 1) {
    const records = [{ key: null, value: Buffer.alloc(900) }]
    const outcome = await appendToPartition(deps, { topic, partition: 1, source: { kind: "records", records } })
    expect(outcome.kind).toBe("appended")
  }
  const topicId = (await storage.topics.get(topic))?.id
  expect(nudged).toEqual(Array(2).fill({ topicId, partition: 1 }))
  const report = await service.upkeepSome(nudged, Number.POSITIVE_INFINITY)
  expect(report).toMatchObject({ partitions: 1, failures: [] })
  expect(report.tieredSegments).toBeGreaterThan(2)
})
