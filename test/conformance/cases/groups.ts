import assert from "node:assert/strict"
import type { GroupList } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { append } from "../records.ts"

async function commit(
  context: CaseContext,
  group: string,
  topic: string,
  offset: number,
  partition = 0,
): Promise<void> {
  await context.call("commitOffsets", 200, { params: { group }, body: { offsets: [{ topic, partition, offset }] } })
}

export const groupCases = [
  conformanceCase("describes a group", ["describeGroup"], ["group_not_found"], async (context) => {
    const [first, second] = [await context.newTopic(1), await context.newTopic(1)]
    const group = context.groupName()
    await context.refused("describeGroup", "group_not_found", { params: { group } })
    await commit(context, group, second, 0)
    await commit(context, group, first, 0)
    assert.deepEqual(await context.call("describeGroup", 200, { params: { group } }), {
      group,
      state: "Empty",
      epoch: 0,
      assignor: null,
      topics: [first, second].sort(),
      members: [],
    })
  }),

  conformanceCase("lists groups by name, in pages", ["listGroups"], ["invalid_request"], async (context) => {
    const topic = await context.newTopic(1)
    const groups = [context.groupName(), context.groupName(), context.groupName()]
    for (const group of groups) await commit(context, group, topic, 0)
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page: GroupList = await context.call("listGroups", 200, { query: { limit: 2, ...(cursor && { cursor }) } })
      assert.ok(page.groups.length <= 2)
      seen.push(...page.groups.map((each) => each.group))
      if (page.nextCursor === undefined) break
      cursor = page.nextCursor
    }
    assert.deepEqual(seen, [...new Set(seen)].sort())
    for (const group of groups) assert.ok(seen.includes(group))
    await context.refused("listGroups", "invalid_request", { query: { limit: 0 } })
    await context.refused("listGroups", "invalid_request", { query: { cursor: "!!! not a cursor !!!" } })
  }),

  conformanceCase(
    "deletes a group with its offsets",
    ["deleteGroup", "describeGroup", "groupLag"],
    ["group_not_found"],
    async (context) => {
      const topic = await context.newTopic(1)
      await append(context, topic, [{ value: 0 }])
      const group = context.groupName()
      await commit(context, group, topic, 1)
      await context.call("deleteGroup", 204, { params: { group } })
      await context.refused("deleteGroup", "group_not_found", { params: { group } })
      await context.refused("describeGroup", "group_not_found", { params: { group } })
      await context.refused("groupLag", "group_not_found", { params: { group } })
      await commit(context, group, topic, 0)
    },
  ),

  conformanceCase("lag counts the records that can still be read", ["groupLag"], [], async (context) => {
    const topic = await context.newTopic(3)
    const group = context.groupName()
    for (const partition of [0, 1, 2]) {
      await append(
        context,
        topic,
        Array.from({ length: 10 }, (_, value) => ({ value })),
        {},
        partition,
      )
    }
    await commit(context, group, topic, 4, 0)
    await commit(context, group, topic, 10, 1)
    const lags = async () => {
      const { partitions, totalLag } = await context.call("groupLag", 200, { params: { group } })
      const known = partitions.filter((each) => each.committedOffset !== null)
      assert.equal(
        totalLag,
        partitions.reduce((sum, each) => sum + (each.lag ?? 0), 0),
      )
      return known.map(({ partition, committedOffset, highWatermark, lag }) => [
        partition,
        committedOffset,
        highWatermark,
        lag,
      ])
    }
    assert.deepEqual(await lags(), [
      [0, 4, 10, 6],
      [1, 10, 10, 0],
    ])
    await append(context, topic, [{ value: "more" }], {}, 1)
    await context.call("deleteRecords", 200, { params: { topic, partition: 0 }, query: { before: 7 } })
    assert.deepEqual(await lags(), [
      [0, 4, 10, 3],
      [1, 10, 11, 1],
    ])
  }),
]
