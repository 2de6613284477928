import assert from "node:assert/strict"
import { conformanceCase } from "../case.ts"
import { describeAnswer } from "../contract.ts"

const LONGEST = 249

export const nameCases = [
  conformanceCase(
    "topic names: all legal characters, up to 249 of them",
    ["createTopic", "describeTopic"],
    [],
    async (context) => {
      const stem = context.topicName("Az0-9._-")
      assert.ok(stem.length > 0)
      for (const topic of [context.topicName("Az.0_9-"), context.topicName("..x"), context.topicName("_one")]) {
        await context.call("createTopic", 201, { params: { topic } })
      }
      const longest = context.topicName("L".repeat(LONGEST - context.newName("").length - 1))
      assert.ok(longest.length <= LONGEST && longest.length > LONGEST - 4, `${longest.length}`)
      await context.call("createTopic", 201, { params: { topic: longest } })
      assert.equal((await context.call("describeTopic", 200, { params: { topic: longest } })).name, longest)
    },
  ),

  conformanceCase(
    "topic names: too long, other characters and encoded ones are refused",
    ["createTopic", "describeTopic", "produceToTopic", "fetchRecords"],
    ["invalid_request"],
    async (context) => {
      for (const topic of ["a".repeat(250), "a b", "a\u0000b", "ä", "a:b", "a%2Fb", "😀", "a\nb", "a\\b"]) {
        await context.refused("createTopic", "invalid_request", { params: { topic } })
        await context.refused("describeTopic", "invalid_request", { params: { topic } })
        await context.refused("fetchRecords", "invalid_request", { params: { topic, partition: 0 } })
        const body = { records: [{ value: 1 }] }
        await context.refused("produceToTopic", "invalid_request", { params: { topic }, body })
      }
    },
  ),

  conformanceCase(
    "names with a slash are refused; for a gateway that decodes paths it ends them",
    [],
    [],
    async (context) => {
      for (const [method, path] of [
        ["PUT", "/v1/topics/a%2Fb"],
        ["GET", "/v1/topics/a%2Fb"],
        ["POST", "/v1/topics/a%2Fb/records"],
        ["GET", "/v1/topics/a%2Fb/partitions/0/records"],
        ["GET", "/v1/groups/a%2Fb"],
        ["POST", "/v1/groups/a%2Fb/offsets"],
      ] as const) {
        const answer = await context.raw({ method, path, ...(method === "POST" && { body: "{}" }) })
        context.problem(answer, ["invalid_request", "route_not_found"])
      }
    },
  ),

  conformanceCase("topic names: . and .. reach nothing else", [], [], async (context) => {
    for (const path of [
      "/v1/topics/.",
      "/v1/topics/..",
      "/v1/topics/%2E%2E",
      "/v1/topics/%2e",
      "/v1/topics/../groups",
    ]) {
      for (const method of ["PUT", "DELETE", "PATCH"]) {
        const answer = await context.raw({ method, path })
        context.problem(answer, ["invalid_request", "route_not_found", "method_not_allowed"])
      }
    }
  }),

  conformanceCase("a broken percent-encoding is refused", [], ["invalid_request"], async (context) => {
    for (const path of ["/v1/topics/%zz", "/v1/topics/%", "/v1/topics/%E0%A4%A", "/v1/topics/%ff"]) {
      context.problem(await context.raw({ method: "GET", path }), "invalid_request")
      context.problem(await context.raw({ method: "PUT", path }), "invalid_request")
    }
  }),

  conformanceCase(
    "names that start with __ cannot be created",
    ["createTopic"],
    ["invalid_request"],
    async (context) => {
      const problem = await context.refused("createTopic", "invalid_request", { params: { topic: "__mine" } })
      assert.match(JSON.stringify(problem), /reserved/)
    },
  ),

  conformanceCase(
    "group names follow the same rule",
    ["commitOffsets", "describeGroup", "committedOffsets"],
    ["invalid_request"],
    async (context) => {
      const topic = await context.newTopic()
      for (const group of ["a".repeat(250), "a b", "a\u0000b"]) {
        const body = { offsets: [{ topic, partition: 0, offset: 0 }] }
        await context.refused("commitOffsets", "invalid_request", { params: { group }, body })
        await context.refused("describeGroup", "invalid_request", { params: { group } })
        await context.refused("committedOffsets", "invalid_request", { params: { group } })
      }
    },
  ),

  conformanceCase(
    "partition numbers in paths are whole numbers",
    ["fetchRecords", "produceToPartition"],
    ["invalid_request", "partition_not_found"],
    async (context) => {
      const topic = await context.newTopic()
      for (const partition of ["-1", "1.5", "x", "0x0", " 0", "99999999999999999999", "1e0"]) {
        await context.refused("fetchRecords", "invalid_request", { params: { topic, partition } })
        const body = { records: [{ value: 1 }] }
        await context.refused("produceToPartition", "invalid_request", { params: { topic, partition }, body })
      }
      await context.refused("fetchRecords", "partition_not_found", { params: { topic, partition: 1 } })
      const empty = await context.raw({ method: "GET", path: `/v1/topics/${topic}/partitions//records` })
      assert.ok(empty.status === 404 || empty.status === 400, describeAnswer(empty))
      context.problem(empty, ["route_not_found", "invalid_request"])
    },
  ),
]
