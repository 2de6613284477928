import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { readAll } from "../records.ts"

interface Named {
  readonly path: string
  readonly message: string
}

export const validationCases = [
  conformanceCase(
    "unknown fields are refused by name and place",
    ["produceToPartition", "produceMany", "createTopic", "setFence", "commitOffsets"],
    ["invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      const group = context.newName()
      const refusals: [Named[], string][] = []
      const refuse = async (
        id: "produceToPartition" | "produceMany" | "createTopic" | "setFence" | "commitOffsets",
        body: unknown,
        path: string,
      ) => {
        const problem = await context.refused(id, "invalid_request", { params: { ...params, group }, body })
        refusals.push([problem["errors"] as Named[], path])
      }
      await refuse("produceToPartition", { records: [{ value: 1 }], matchoffset: 0 }, "matchoffset")
      await refuse("produceToPartition", { records: [{ value: 1 }, { vlaue: 1, value: 1 }] }, "records[1].vlaue")
      await refuse(
        "produceToPartition",
        { records: [{ value: 1 }], producer: { id: 1, epoch: 0, sequence: 0, seq: 1 } },
        "producer.seq",
      )
      await refuse(
        "produceMany",
        { entries: [{ topic, partition: 0, records: [{ value: 1, kee: 1 }] }] },
        "entries[0].records[0].kee",
      )
      await refuse("createTopic", { partitons: 3 }, "partitons")
      await refuse("setFence", { token: "a", expcted: "b" }, "expcted")
      await refuse("commitOffsets", { offsets: [{ topic, partition: 0, offset: 0, meta: "" }] }, "offsets[0].meta")
      for (const [errors, path] of refusals) {
        assert.deepEqual(
          errors.map((error) => error.path),
          [path],
        )
        assert.notEqual(errors[0]?.message, "")
      }
      assert.deepEqual(await readAll(context, topic), [])
    },
  ),

  conformanceCase(
    "wrong types are refused by place, all of them at once",
    ["produceToPartition"],
    ["invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      const body = {
        records: [
          { value: 1, timestamp: "x" },
          { value: 1, headers: 5 },
        ],
        matchOffset: true,
      }
      const problem = await context.refused("produceToPartition", "invalid_request", {
        params: { topic, partition: 0 },
        body,
      })
      const paths = (problem["errors"] as Named[]).map((error) => error.path).sort()
      assert.deepEqual(paths, ["matchOffset", "records[0].timestamp", "records[1].headers"])
    },
  ),

  conformanceCase(
    "bodies that are no object",
    ["produceToPartition", "produceToTopic", "fetchMany", "commitOffsets"],
    ["invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0, group: context.newName() }
      for (const raw of [
        "null",
        "[]",
        "5",
        '"text"',
        "true",
        "{}",
        '{"records":[]}',
        '{"records":{}}',
        '{"records":[null]}',
        '{"records":["x"]}',
      ]) {
        for (const id of ["produceToPartition", "produceToTopic", "fetchMany", "commitOffsets"] as const) {
          await context.refused(id, "invalid_request", { params, raw })
        }
      }
    },
  ),

  conformanceCase(
    "unknown query parameters are refused by name on every route",
    ["listTopics", "limits", "describeTopic", "groupLag"],
    ["invalid_request"],
    async (context) => {
      const params = { topic: await context.newTopic(1), group: context.newName() }
      for (const id of ["listTopics", "limits", "describeTopic", "groupLag"] as const) {
        const problem = await context.refused(id, "invalid_request", { params, query: { verbose: 1 } })
        assert.deepEqual(
          (problem["errors"] as Named[]).map((error) => error.path),
          ["verbose"],
        )
      }
    },
  ),
]
