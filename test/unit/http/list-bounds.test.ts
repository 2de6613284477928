/** No list of a request is read before it is known to be short enough, and no request further than its mistakes are told. */
import { limits, type Route, routes } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import * as z from "zod/mini"
import { Refusal } from "../../../functions/http/exchange.ts"
import { parseFields } from "../../../functions/http/field-errors.ts"

type Schema = z.core.$ZodType

/** The schemas that stand in another one, each with how it is reached. */
function inner(schema: Schema): readonly (readonly [string, Schema])[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case "object":
      return Object.entries(def.shape)
    case "array":
      return [["[]", def.element]]
    case "tuple":
      return def.items.map((item, at) => [`[${at}]`, item])
    case "union":
      return def.options.map((option) => ["", option])
    case "optional":
    case "nullable":
      return [["", def.innerType]]
    case "pipe":
      return [
        ["", def.in],
        ["", def.out],
      ]
    default:
      return []
  }
}

function listsOf(schema: Schema, path: string): readonly (readonly [string, Schema])[] {
  const within = inner(schema).flatMap(([step, each]) => listsOf(each, step === "" ? path : `${path} ${step}`))
  return schema._zod.def.type === "array" ? [[path, schema], ...within] : within
}

const lists = Object.values<Route>(routes).flatMap(({ id, body }) =>
  body?.json === undefined ? [] : listsOf(body.json, id),
)

/** A list that counts how often an entry of it is looked at. */
function watched(entries: readonly unknown[]) {
  let reads = 0
  const list = new Proxy([...entries], {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads++
      return Reflect.get(target, name)
    },
  })
  return { list, reads: () => reads }
}

function refusalOf(schema: z.ZodMiniType, value: unknown): unknown {
  try {
    parseFields(schema, value)
  } catch (error) {
    if (error instanceof Refusal) return error.extensions["errors"]
    throw error
  }
  return []
}

describe("lists of requests", () => {
  it("are found", () => {
    const found = lists.map(([path]) => path)
    expect(found).toContain("produceToPartition records [] headers")
    expect(found).toContain("poll commit")
    expect(found.length).toBeGreaterThan(15)
  })

  it.each(lists)("%s: refused for its length before an entry is looked at", (_path, schema) => {
    const most = z.toJSONSchema(schema, { io: "input" }).maxItems
    if (most === undefined) throw new Error("has no bound")
    const { list, reads } = watched(Array.from({ length: most + 1 }))
    const { issues } = schema._zod.run({ value: list, issues: [] }, {}) as z.core.ParsePayload
    expect(issues).toMatchObject([{ code: "too_big", maximum: most }])
    expect(reads()).toBe(0)
  })
})

describe("a large request", () => {
  const body = routes.produceToPartition.body.json

  it("is read to its first mistake and no further, which is told", () => {
    const bad = { value: 1, headers: Array.from({ length: limits.maxRecordHeaders }, () => ["a", 1]) }
    const { list, reads } = watched([{ value: 1 }, ...Array.from({ length: 20_000 }, () => bad)])
    expect(refusalOf(body, { records: list })).toEqual([
      { path: "records[1].headers[0][1]", message: "must be a string or null or an object" },
    ])
    expect(reads()).toBeLessThan(100)
  })

  const at = { topic: "t", partition: 0 }
  it.each<[string, z.ZodMiniType, string, unknown]>([
    ["headers in base64 that is none", body, "records", { value: 1, headers: [["a", { base64: "%" }]] }],
    ["times below 0", body, "records", { value: 1, timestamp: -1 }],
    ["times beyond exact numbers", body, "records", { value: 1, timestamp: 2 ** 60 }],
    ["names that are none", routes.poll.body.json, "positions", { ...at, topic: "", offset: 0 }],
    ["partitions below 0", routes.poll.body.json, "positions", { ...at, partition: -1, offset: 0 }],
    ["partitions that no topic has", routes.poll.body.json, "positions", { ...at, partition: 10_000, offset: 0 }],
    ["offsets below 0", routes.poll.body.json, "positions", { ...at, offset: -1 }],
    ["partitions in lists", routes.poll.body.json, "owned", { topic: "t", partitions: [0, -1] }],
    ["ids that are none", routes.heartbeat.body.json, "owned", { topic: "t", topicId: "x", partitions: [] }],
  ])("is read no further for values of the right type: %s", (_what, schema, field, entry) => {
    const { list, reads } = watched(Array.from({ length: 20_000 }, () => entry))
    expect(refusalOf(schema, { [field]: list })).toHaveLength(1)
    expect(reads()).toBeLessThan(20_000)
  })

  it("is told all its mistakes while it is not so large", () => {
    const records = Array.from({ length: 2_000 }, (_, index) => (index % 100 === 7 ? {} : { value: index }))
    const errors = records.flatMap((record, at) =>
      "value" in record ? [] : [{ path: `records[${at}].value`, message: "is missing" }],
    )
    expect(refusalOf(body, { records })).toEqual(errors)
    expect(errors).toHaveLength(20)
  })
})
