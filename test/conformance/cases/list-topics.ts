import assert from "node:assert/strict"
import type { TopicList } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"

async function pages(context: CaseContext, query: Readonly<Record<string, string | number>>): Promise<string[][]> {
  const all: string[][] = []
  for (let cursor: string | undefined; ; ) {
    const page: TopicList = await context.call("listTopics", 200, { query: { ...query, ...(cursor && { cursor }) } })
    all.push(page.topics.map((topic) => topic.name))
    if (page.nextCursor === undefined) return all
    cursor = page.nextCursor
    assert.ok(all.length < 1000, "the list does not end")
  }
}

export const listTopicsCases = [
  conformanceCase("lists topics by name, in pages", ["listTopics"], [], async (context) => {
    const prefix = context.newName("list")
    const names = ["c", "a", "e", "B", "d"].map((letter) => `${prefix}${letter}`)
    for (const topic of names) {
      await context.call("createTopic", 201, { params: { topic } })
    }
    try {
      const sorted = [...names].sort()
      assert.deepEqual(await pages(context, { prefix }), [sorted])
      for (const limit of [1, 2, 4, 5, 6]) {
        const found = await pages(context, { prefix, limit })
        assert.deepEqual(found.flat(), sorted)
        for (const page of found) assert.ok(page.length <= limit)
        for (const page of found.slice(0, -1)) assert.equal(page.length, limit)
      }
      assert.deepEqual(await pages(context, { prefix: `${prefix}a` }), [[`${prefix}a`]])
      assert.deepEqual(await pages(context, { prefix: `${prefix}zzz` }), [[]])
    } finally {
      for (const topic of names) await context.call("deleteTopic", 204, { params: { topic } })
    }
    assert.deepEqual(await pages(context, { prefix }), [[]])
  }),

  conformanceCase(
    "a listed topic says what its description says",
    ["listTopics", "describeTopic"],
    [],
    async (context) => {
      const topic = await context.newTopic(2, { "cleanup.policy": "compact" })
      const { topics } = await context.call("listTopics", 200, { query: { prefix: topic } })
      assert.deepEqual(topics, [await context.call("describeTopic", 200, { params: { topic } })])
    },
  ),

  conformanceCase("refuses a wrong page", ["listTopics"], ["invalid_request"], async (context) => {
    const wrong: Record<string, string> = { limit: "0", limit1: "1", cursor: "!!! not a cursor !!!", prefixes: "x" }
    for (const [name, value] of Object.entries(wrong)) {
      const problem = await context.refused("listTopics", "invalid_request", { query: { [name]: value } })
      assert.ok(JSON.stringify(problem).includes(name), `${name} is not named in ${JSON.stringify(problem)}`)
    }
    await context.refused("listTopics", "invalid_request", { query: { limit: context.limits.maxPageSize + 1 } })
    await context.refused("listTopics", "invalid_request", { query: { limit: "two" } })
    const twice = await context.raw({ method: "GET", path: "/v1/topics?limit=1&limit=2" })
    context.problem(twice, "invalid_request")
  }),
]
