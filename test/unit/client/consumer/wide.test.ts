/** Members with many topics and partitions. */
import type { Stratalog } from "stratalog"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { clientOf } from "../../../fakes/client-under-test.ts"
import { type EmbeddedService, openEmbeddedService } from "../../../fakes/embedded-service.ts"
import { settled } from "../../../fakes/settled.ts"

let service: EmbeddedService
let log: Stratalog

beforeAll(async () => {
  service = await openEmbeddedService()
  log = clientOf(service).log
})

afterAll(() => service.close())

describe("a member of a group", () => {
  it("reads more topics than it can name, by a pattern", async () => {
    const topics = Array.from({ length: 101 }, (_, at) => `many-${at}`)
    for (const topic of topics) await log.topics.create(topic, { partitions: 1 })
    const consumer = log.consumer({ group: "many", topics: ["^many-.*"] })
    const found: unknown[] = []
    const running = consumer.run({ eachRecord: ({ value }) => void found.push(value) })
    running.catch(() => undefined)
    await log.topic("many-0").produce({ value: 0 })
    await Promise.race([running, settled(() => found.length === 1)])
    await log.topic("many-100").produce({ value: 1 })
    await Promise.race([running, settled(() => found.length === 2)])
    expect(found).toEqual([0, 1])
    await consumer.close()
    await running
  })
})
