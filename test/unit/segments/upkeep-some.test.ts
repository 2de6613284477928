import { expect, it } from "vitest"
import { upkeepSome } from "../../../functions/segments/upkeep/upkeep-some.ts"
import type { Topic, TopicStore } from "../../../functions/topics/ports.ts"
import { contentOf } from "./scenarios.ts"
import { gated, T0, upkeptLog } from "./upkept-log.ts"

const ALWAYS = Number.POSITIVE_INFINITY

function topicOf(name: string, partitions: number): Topic {
  return { name, id: `id-${name}`, partitions, config: {}, createdAt: T0, version: 1 }
}

/** Topics in pages of two; counts the pages that were asked for. */
function topicsOf(all: readonly Topic[]) {
  const asked: (string | undefined)[] = []
  const list: TopicStore["list"] = ({ after }) => {
    asked.push(after)
    const found = all.filter(({ name }) => after === undefined || name > after)
    const topics = found.slice(0, 2)
    const next = topics.at(-1)?.name
    return { topics, ...(found.length > 2 && next !== undefined && { next }) }
  }
  return { topics: { list }, asked }
}

/** Which partitions upkeep asked for, each time. */
function watched() {
  const seen: string[] = []
  const log = upkeptLog(contentOf())
  const recent = {
    ...gated(log, async (call) => call()).recent,
    state: async ({ topicId, partition }: { topicId: string; partition: number }) => {
      seen.push(`${topicId}/${partition}`)
      return { kind: "unknown_partition" } as const
    },
  }
  return { deps: { ...log, recent, log: { ...log.log, describe: recent.state } } as never, seen }
}

const five = ["a", "b", "c", "d", "e"].map((name) => topicOf(name, 3))

it("looks after each partition that is named once, and after no other", async () => {
  const { deps, seen } = watched()
  const { topics, asked } = topicsOf(five)
  const named = [
    { topicId: "id-c", partition: 2 },
    { topicId: "id-a", partition: 0 },
    { topicId: "id-c", partition: 2 },
    { topicId: "id-c", partition: 0 },
  ]
  const report = await upkeepSome(deps, topics, named, ALWAYS)
  expect([...new Set(seen)].sort()).toEqual(["id-a/0", "id-c/0", "id-c/2"])
  expect(report).toMatchObject({ partitions: 3, failures: [] })
  expect(asked).toEqual([undefined, "b"])
})

it("does nothing for a topic that is gone and for a partition that is not there", async () => {
  const { deps, seen } = watched()
  const { topics, asked } = topicsOf(five)
  const gone = [
    { topicId: "id-gone", partition: 0 },
    { topicId: "id-e", partition: 3 },
  ]
  expect(await upkeepSome(deps, topics, gone, ALWAYS)).toMatchObject({ partitions: 0, failures: [] })
  expect(seen).toEqual([])
  expect(asked).toEqual([undefined, "b", "d"])
  expect(await upkeepSome(deps, topics, [], ALWAYS)).toMatchObject({ partitions: 0 })
  expect(asked).toHaveLength(3)
})
