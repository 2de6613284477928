import assert from "node:assert/strict"
import { BATCH_TYPE, JSON_TYPE } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import { append } from "../records.ts"

export const negotiationCases = [
  conformanceCase("the Accept header picks the media type", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await append(context, topic, [{ value: 1 }])
    const expected: [string, string][] = [
      ["*/*", JSON_TYPE],
      ["application/*", JSON_TYPE],
      [JSON_TYPE, JSON_TYPE],
      [BATCH_TYPE, BATCH_TYPE],
      [`${JSON_TYPE};q=0.1, ${BATCH_TYPE}`, BATCH_TYPE],
      [`${BATCH_TYPE};q=0.1, ${JSON_TYPE};q=0.2`, JSON_TYPE],
      [`image/png, ${BATCH_TYPE.toUpperCase()}`, BATCH_TYPE],
      [`${JSON_TYPE};q=0, */*`, BATCH_TYPE],
    ]
    for (const [accept, type] of expected) {
      const answer = await context.send("fetchRecords", { params: { topic, partition: 0 }, headers: { accept } })
      assert.equal(answer.headers["content-type"]?.split(";")[0], type, accept)
    }
  }),

  conformanceCase(
    "what cannot be given is refused",
    ["fetchRecords", "describeTopic", "limits", "listGroups"],
    ["not_acceptable"],
    async (context) => {
      const topic = await context.newTopic(1)
      const params = { topic, partition: 0 }
      for (const accept of ["image/png", "text/html", `${JSON_TYPE};q=0`, "application/xml, text/*;q=0.5"]) {
        const headers = { accept }
        await context.refused("describeTopic", "not_acceptable", { params, headers })
        await context.refused("limits", "not_acceptable", { params, headers })
        await context.refused("listGroups", "not_acceptable", { params, headers })
        if (!accept.includes("text/*")) await context.refused("fetchRecords", "not_acceptable", { params, headers })
      }
      await context.refused("describeTopic", "not_acceptable", { params, headers: { accept: BATCH_TYPE } })
    },
  ),

  conformanceCase(
    "an error answer does not depend on Accept",
    ["describeTopic"],
    ["topic_not_found"],
    async (context) => {
      const params = { topic: context.newName() }
      for (const accept of [JSON_TYPE, "*/*", "application/problem+json, application/json"]) {
        await context.refused("describeTopic", "topic_not_found", { params, headers: { accept } })
      }
    },
  ),

  conformanceCase("the answer names its request", ["describeTopic"], [], async (context) => {
    const params = { topic: await context.newTopic(1) }
    const own = await context.send("describeTopic", { params })
    assert.ok(own.headers["x-request-id"], "every answer has an id")
    const given = await context.send("describeTopic", { params, headers: { "x-request-id": "caller-17.a:b" } })
    assert.equal(given.headers["x-request-id"], "caller-17.a:b")
    const refused = await context.send("describeTopic", {
      params: { topic: context.newName() },
      headers: { "x-request-id": "r1" },
    })
    assert.equal(refused.headers["x-request-id"], "r1")
  }),
]
