import { type RouteId, routes } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { Refusal } from "../../../functions/http/exchange.ts"
import { parseFields } from "../../../functions/http/field-errors.ts"

type Part = "params" | "query" | "body"

/** `path: message` for each thing that is wrong. */
function told(id: RouteId, part: Part, value: unknown): readonly string[] {
  const route = routes[id]
  const schema = part === "body" ? ("body" in route ? route.body.json : undefined) : route[part]
  if (schema === undefined) throw new Error(`${id} has no body`)
  try {
    parseFields(schema, value)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.code).toBe("invalid_request")
    const errors = error.extensions["errors"] as readonly { path: string; message: string }[]
    return errors.map(({ path, message }) => `${path}: ${message}`)
  }
  return []
}

const name = "must be 1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-', and not '.' or '..'"

describe("what a request is told about its fields", () => {
  it.each<[RouteId, Part, unknown, readonly string[]]>([
    ["createTopic", "body", [], [": the body must be an object"]],
    ["createTopic", "body", { partitions: "3" }, ["partitions: must be a number"]],
    ["createTopic", "body", { partitions: 0 }, ["partitions: must be at least 1"]],
    ["createTopic", "body", { partitions: 1.5 }, ["partitions: must be a whole number"]],
    ["createTopic", "body", { partitions: 10_001 }, ["partitions: must be at most 10000"]],
    ["createTopic", "body", { partitons: 3 }, ["partitons: is unknown here; check its spelling"]],
    [
      "createTopic",
      "body",
      { config: { "retention.ms": "7d", "cleanup.policy": "shred", retention: 1 } },
      [
        "config.retention.ms: must be a number",
        "config.cleanup.policy: must be delete, compact or compact,delete",
        "config.retention: is unknown here; check its spelling",
      ],
    ],
    ["createTopic", "params", { topic: "a b" }, [`topic: ${name}`]],
    ["createTopic", "params", { topic: ".." }, [`topic: ${name}`]],
    ["createTopic", "params", { topic: "x".repeat(250) }, [`topic: ${name}`]],
    ["createTopic", "params", { topic: "__mine" }, ["topic: must not start with __: such names are reserved"]],
    [
      "poll",
      "body",
      { commit: [{ topic: "a", partition: 0, topicId: "x", offset: 1 }] },
      ["commit[0].topicId: must be a UUID"],
    ],
    ["produceToPartition", "body", {}, ["records: is missing"]],
    ["produceToPartition", "body", { records: [] }, ["records: must have at least 1 entry"]],
    ["produceToPartition", "body", { records: [1] }, ["records[0]: must be an object"]],
    ["produceToPartition", "body", { records: [{ key: "a" }] }, ["records[0].value: is missing"]],
    [
      "produceToPartition",
      "body",
      {
        records: [
          { value: 1, headers: [["a", 1]] },
          { value: 1, headers: [["a"]] },
        ],
      },
      [
        "records[0].headers[0][1]: must be a string or null or an object",
        "records[1].headers[0]: must have at least 2 entries",
      ],
    ],
    [
      "produceToPartition",
      "body",
      { records: [{ value: 1, headers: [["a", { base64: "%" }]] }] },
      ["records[0].headers[0][1].base64: is not base64 (RFC 4648, with padding)"],
    ],
    [
      "produceToPartition",
      "body",
      { records: [{ value: 1 }], valueFormat: "text", producer: { id: 1 } },
      ["valueFormat: must be utf8, json or base64", "producer.epoch: is missing", "producer.sequence: is missing"],
    ],
    [
      "fetchRecords",
      "query",
      { offset: "x", limit: "0", tail: "-1", wait: "soon", timeout: "1" },
      [
        "offset: must be earliest or latest or a whole number from 0 on",
        "tail: must be a whole number from 0 on",
        "limit: must be at least 1",
        "wait: must be a duration such as 10s, 500ms, 1m, or a number of milliseconds",
        "timeout: is unknown here; check its spelling",
      ],
    ],
    ["fetchRecords", "params", { topic: "a", partition: "99999" }, ["partition: must be at most 9999"]],
    ["deleteRecords", "query", {}, ["before: is missing"]],
    ["setFence", "body", { token: "" }, ["token: must not be empty"]],
    ["initProducer", "body", { id: 1 }, [": id and epoch go together: send both or neither"]],
    ["listTopics", "query", { prefix: "x".repeat(250) }, ["prefix: must have at most 249 characters"]],
  ])("%s %s %j", (id, part, value, expected) => {
    expect(told(id, part, value)).toEqual(expected)
  })
})
