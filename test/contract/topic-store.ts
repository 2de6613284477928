/** What every `TopicStore` promises, whatever it is made of. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Topic, TopicConfig, TopicPage, TopicStore } from "../../functions/topics/ports.ts"
import type { MakeSubject, Subject } from "./subject.ts"

const EVERY_ENTRY: TopicConfig = {
  "retention.ms": -1,
  "retention.bytes": 2 ** 52,
  "cleanup.policy": "compact,delete",
  "max.message.bytes": 4096,
  "message.timestamp.type": "LogAppendTime",
  "segment.bytes": 1_000_000,
  "segment.ms": 60_000,
  "min.compaction.lag.ms": 1,
  "delete.retention.ms": 2,
  placement: "latency",
}

let serial = 0

export function newTopic(name: string, change: Partial<Topic> = {}): Topic {
  serial += 1
  const id = `00000000-0000-4000-8000-${serial.toString().padStart(12, "0")}`
  return { name, id, partitions: 3, config: {}, createdAt: 1_763_600_000_000, version: 1, ...change }
}

export function describeTopicStore(name: string, makeSubject: MakeSubject<Subject<TopicStore>>): void {
  describe(`topic store: ${name}`, () => {
    let subject: Subject<TopicStore>
    let store: TopicStore
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterEach(() => subject.dispose())

    it("finds what was created, whole, and nothing else", async () => {
      const topic = newTopic("orders", { config: EVERY_ENTRY, partitions: 10_000 })
      expect(await store.create(topic)).toEqual({ kind: "created" })
      expect(await store.get("orders")).toEqual(topic)
      expect(await store.get("order")).toBeUndefined()
      expect(await store.get("Orders")).toBeUndefined()
      expect(await store.get("__proto__")).toBeUndefined()
    })

    it("keeps what it said across a restart", async () => {
      const kept = newTopic("kept", { config: EVERY_ENTRY })
      const changed = newTopic("changed")
      const gone = newTopic("gone")
      for (const topic of [kept, changed, gone]) await store.create(topic)
      const change: Topic = { ...changed, partitions: 7, config: { "retention.ms": 5 }, version: 2 }
      await store.replace(change)
      await store.delete("gone", gone.id)
      store = await subject.reopen()
      expect(await store.get("kept")).toEqual(kept)
      expect(await store.get("changed")).toEqual(change)
      expect(await store.get("gone")).toBeUndefined()
      expect(names(await store.list({ limit: 10 }))).toEqual(["changed", "kept"])
    })

    it("lets one of several creations of a name win, and shows the others the winner", async () => {
      const topics = Array.from({ length: 10 }, (_, index) => newTopic("contested", { partitions: index + 1 }))
      const outcomes = await Promise.all(topics.map((topic) => store.create(topic)))
      const winner = await store.get("contested")
      expect(outcomes.filter(({ kind }) => kind === "created")).toHaveLength(1)
      expect(topics[outcomes.findIndex(({ kind }) => kind === "created")]).toEqual(winner)
      for (const outcome of outcomes) {
        if (outcome.kind !== "created") expect(outcome).toEqual({ kind: "exists", topic: winner })
      }
    })

    it("does not change when the caller's object does", async () => {
      const config = { "retention.ms": 1 }
      await store.create(newTopic("copied", { config }))
      config["retention.ms"] = 2
      expect((await store.get("copied"))?.config).toEqual({ "retention.ms": 1 })
    })

    describe("replace", () => {
      it("writes the next version only", async () => {
        const topic = newTopic("orders")
        await store.create(topic)
        const second: Topic = { ...topic, partitions: 5, version: 2 }
        for (const version of [1, 3]) {
          expect(await store.replace({ ...second, version })).toEqual({ kind: "changed", topic })
        }
        expect(await store.replace(second)).toEqual({ kind: "replaced" })
        expect(await store.replace(second)).toEqual({ kind: "changed", topic: second })
        expect(await store.get("orders")).toEqual(second)
      })

      it("leaves a topic alone that was made again under the name", async () => {
        const old = newTopic("orders")
        const made = newTopic("orders", { partitions: 9 })
        await store.create(old)
        await store.delete("orders", old.id)
        expect(await store.replace({ ...old, version: 2 })).toEqual({ kind: "changed", topic: undefined })
        await store.create(made)
        expect(await store.replace({ ...old, version: 2 })).toEqual({ kind: "changed", topic: made })
        expect(await store.get("orders")).toEqual(made)
      })

      it("lets one of several win", async () => {
        const topic = newTopic("orders")
        await store.create(topic)
        const changes = Array.from({ length: 10 }, (_, index) => ({ ...topic, partitions: 10 + index, version: 2 }))
        const outcomes = await Promise.all(changes.map((change) => store.replace(change)))
        expect(outcomes.filter(({ kind }) => kind === "replaced")).toHaveLength(1)
        const winner = changes[outcomes.findIndex(({ kind }) => kind === "replaced")]
        expect(await store.get("orders")).toEqual(winner)
      })
    })

    describe("delete", () => {
      it("removes the topic of this id only", async () => {
        const topic = newTopic("orders")
        await store.create(topic)
        expect(await store.delete("orders", newTopic("orders").id)).toEqual({ kind: "not_found" })
        expect(await store.get("orders")).toEqual(topic)
        expect(await store.delete("orders", topic.id)).toEqual({ kind: "deleted" })
        expect(await store.delete("orders", topic.id)).toEqual({ kind: "not_found" })
        expect(await store.get("orders")).toBeUndefined()
        expect(names(await store.list({ limit: 10 }))).toEqual([])
      })

      it("makes room for another topic of the name", async () => {
        const old = newTopic("orders")
        await store.create(old)
        await store.delete("orders", old.id)
        const made = newTopic("orders")
        expect(await store.create(made)).toEqual({ kind: "created" })
        expect(await store.get("orders")).toEqual(made)
      })
    })

    describe("list", () => {
      const sorted = ["A", "a", "a-b", "a.b", "a0", "aB", "a_b", "ab", "b"].sort()
      beforeEach(async () => {
        for (const each of sorted.toReversed()) await store.create(newTopic(each))
      })

      it("goes by code units, with the whole topics", async () => {
        const page = await store.list({ limit: 100 })
        expect(names(page)).toEqual(sorted)
        expect(page).not.toHaveProperty("next")
        expect(page.topics[0]).toEqual(await store.get("A"))
      })

      it("gives each topic once, whatever the size of the pages", async () => {
        for (let limit = 1; limit <= sorted.length; limit += 1) {
          expect(await pages({ limit })).toEqual(sorted)
          expect(await pages({ limit, prefix: "a" })).toEqual(sorted.filter((each) => each.startsWith("a")))
        }
      })

      it("starts behind a name that is not there", async () => {
        expect(names(await store.list({ limit: 100, after: "a/" }))).toEqual(sorted.filter((each) => each > "a/"))
        expect(names(await store.list({ limit: 100, after: "z" }))).toEqual([])
      })

      it("combines a prefix with a start outside of it", async () => {
        expect(names(await store.list({ limit: 100, prefix: "b", after: "A" }))).toEqual(["b"])
        expect(names(await store.list({ limit: 100, prefix: "A", after: "b" }))).toEqual([])
        expect(names(await store.list({ limit: 100, prefix: "none" }))).toEqual([])
      })

      async function pages(request: { readonly limit: number; readonly prefix?: string }): Promise<string[]> {
        const found: string[] = []
        let page = await store.list(request)
        found.push(...names(page))
        while (page.next !== undefined) {
          page = await store.list({ ...request, after: page.next })
          expect(page.topics.length).toBeGreaterThan(0)
          found.push(...names(page))
        }
        return found
      }
    })
  })
}

function names(page: TopicPage): string[] {
  return page.topics.map(({ name }) => name)
}
