/** What the stores' calls are billed, as README.md of the adapter says. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { createGroupOffsets } from "../../functions/storage/aws/dynamodb/group-offsets.ts"
import { createProducerIds } from "../../functions/storage/aws/dynamodb/producer-ids.ts"
import { createTopicStore } from "../../functions/storage/aws/dynamodb/topics.ts"
import { commitOf } from "../contract/group-offsets.ts"
import { newTopic } from "../contract/topic-store.ts"
import { countUnits } from "./billed-units.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"

let units = 0
let requests = 0

describeOnDynamoDb("what a call costs", () => {
  let made: TemporaryTable
  beforeAll(async () => {
    made = await temporaryTable((client) =>
      countUnits(client, (more) => {
        requests += 1
        units += more
      }),
    )
  })
  afterAll(() => made.dispose())
  beforeEach(reset)

  it("is one unit for a topic that is written, and one to read it", async () => {
    const topics = createTopicStore(made.clients, made.table)
    const topic = newTopic("orders", { config: { "retention.ms": 604_800_000, "cleanup.policy": "compact" } })
    await topics.create(topic)
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.get("orders")
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.replace({ ...topic, partitions: 9, version: 2 })
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.list({ limit: 100 })
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await topics.delete("orders", topic.id)
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })

  it("is one unit for the offsets of one to sixteen partitions, and one request for a hundred", async () => {
    const groups = createGroupOffsets(made.clients, made.table)
    const commits = (count: number, offset: number) =>
      Array.from({ length: count }, (_, partition) => commitOf(partition, offset))
    await groups.commit("billing", commits(100, 1_000_000))
    reset()
    await groups.commit("billing", commits(1, 1_000_001))
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await groups.commit("billing", commits(16, 1_000_002))
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await groups.commit("billing", commits(100, 1_000_003))
    // One transaction. DynamoDB Local bills it like one item; DynamoDB two units for each of its seven.
    expect(spent().requests).toBe(1)
    await groups.read("billing")
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })

  it("is one unit for a producer id, and one for an epoch", async () => {
    const producers = createProducerIds(made.clients, made.table)
    const allocated = await producers.allocate()
    expect(spent()).toEqual({ requests: 1, units: 1 })
    await producers.bumpEpoch(allocated.kind === "allocated" ? allocated.id : 0, 0)
    expect(spent()).toEqual({ requests: 1, units: 1 })
  })
})

function spent(): { readonly requests: number; readonly units: number } {
  const sum = { requests, units }
  reset()
  return sum
}

function reset(): void {
  units = 0
  requests = 0
}
