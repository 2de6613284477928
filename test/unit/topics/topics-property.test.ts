/** Creations, changes and deletions of one topic, interleaved at every call of the storage, and cut off by a crash. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { alterTopic } from "../../../functions/topics/alter/alter-topic.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { deleteTopic } from "../../../functions/topics/delete/delete-topic.ts"
import { removeOrphans } from "../../../functions/topics/delete/remove-orphans.ts"
import type { TopicStore } from "../../../functions/topics/ports.ts"
import { openTemporaryStorage, type TemporaryStorage } from "../../fakes/temporary-storage.ts"

const MAX_PARTITIONS = 5

type Operation =
  | { readonly kind: "create"; readonly partitions: number }
  | { readonly kind: "alter"; readonly partitions: number }
  | { readonly kind: "delete" }

const partitions = fc.integer({ min: 1, max: MAX_PARTITIONS })
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), partitions }),
  fc.record({ kind: fc.constant("alter" as const), partitions }),
  fc.record({ kind: fc.constant("delete" as const) }),
)

/** `step` is passed before each call of the storage and after it. */
function stepwise(storage: TemporaryStorage, ids: string[], step: () => Promise<unknown>): TemporaryStorage {
  const around = async <T>(call: () => T): Promise<Awaited<T>> => {
    await step()
    const result = await call()
    await step()
    return result
  }
  const { topics, log, groups } = storage
  const store: TopicStore = {
    ...topics,
    get: (name) => around(() => topics.get(name)),
    create: (topic) => around(() => topics.create(topic)),
    replace: (topic) => around(() => topics.replace(topic)),
    delete: (name, id) => around(() => topics.delete(name, id)),
  }
  return {
    ...storage,
    topics: store,
    log: {
      ...log,
      createPartitions: (id, count) => around(() => log.createPartitions(id, count)),
      deletePartitions: (id) => around(() => log.deletePartitions(id)),
    },
    groups: { ...groups, forgetTopic: (id) => around(() => groups.forgetTopic(id)) },
    ids: {
      next: () => {
        const id = storage.ids.next()
        ids.push(id)
        return id
      },
    },
  }
}

function perform(deps: TemporaryStorage, operation: Operation): Promise<unknown> {
  if (operation.kind === "delete") return deleteTopic(deps, "orders")
  if (operation.kind === "alter") return alterTopic(deps, "orders", { partitions: operation.partitions })
  return createTopic(deps, { name: "orders", partitions: operation.partitions, config: {} })
}

async function partitionsOf({ log }: TemporaryStorage, topicId: string): Promise<number> {
  const indexes = Array.from({ length: MAX_PARTITIONS }, (_, index) => index)
  const outcomes = await Promise.all(indexes.map((partition) => log.describe({ topicId, partition })))
  return outcomes.filter(({ kind }) => kind === "partition").length
}

/** Whoever finds the topic can use all its partitions. */
async function expectUsable(storage: TemporaryStorage): Promise<void> {
  const topic = await storage.topics.get("orders")
  if (topic !== undefined) expect(await partitionsOf(storage, topic.id)).toBeGreaterThanOrEqual(topic.partitions)
}

describe("topics under concurrency", () => {
  it("have all their partitions at every step, and leave nothing of the others", async () => {
    const property = fc.asyncProperty(fc.scheduler(), fc.array(operation, { maxLength: 5 }), async (s, operations) => {
      const storage = openTemporaryStorage()
      try {
        const ids: string[] = []
        const step = async () => {
          await s.schedule(Promise.resolve())
          await expectUsable(storage)
        }
        const deps = stepwise(storage, ids, step)
        const done = Promise.all(operations.map((each) => perform(deps, each)))
        await s.waitFor(done)
        const topic = await storage.topics.get("orders")
        for (const id of ids) if (id !== topic?.id) expect(await partitionsOf(storage, id)).toBe(0)
      } finally {
        storage.dispose()
      }
    })
    await fc.assert(property, { numRuns: 150 })
  })
})

describe("topics when the process dies between two steps", () => {
  it("are usable, and the next start removes what no topic leads to", async () => {
    const steps = fc.integer({ min: 1, max: 20 })
    const property = fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 5 }), steps, async (all, last) => {
      const storage = openTemporaryStorage()
      try {
        const ids: string[] = []
        let passed = 0
        const died = Promise.withResolvers<void>()
        const step = async () => {
          passed += 1
          if (passed < last) return
          died.resolve()
          await new Promise(() => {})
        }
        const deps = stepwise(storage, ids, step)
        const work = async () => {
          for (const each of all) await perform(deps, each)
        }
        await Promise.race([work(), died.promise])
        await expectUsable(storage)
        const topic = await storage.topics.get("orders")
        expect(await removeOrphans(storage, ids)).toMatchObject({ kind: "done" })
        await expectUsable(storage)
        for (const id of ids) if (id !== topic?.id) expect(await partitionsOf(storage, id)).toBe(0)
      } finally {
        storage.dispose()
      }
    })
    await fc.assert(property, { numRuns: 150 })
  })
})
