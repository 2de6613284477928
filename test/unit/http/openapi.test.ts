import { Validator } from "@seriousme/openapi-schema-validator"
import { errorKinds, limits, type Route, routes } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { openApiDocument } from "../../../functions/http/openapi/document.ts"
import { errorsOf } from "../../../functions/http/openapi/errors.ts"

const table = Object.values<Route>(routes)
const document = openApiDocument(table, "1.2.3")

function operation(path: string, method: "get" | "put" | "post") {
  const found = document.paths?.[path]?.[method]
  if (found === undefined) throw new Error(`${method} ${path} is not described`)
  return found
}

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator()
    const result = await validator.validate(JSON.parse(JSON.stringify(document)))
    expect(result.errors ?? []).toEqual([])
    expect(validator.version).toBe("3.1")
  })

  it("describes every route under its id, with every error by status", () => {
    for (const route of table) {
      const described = document.paths?.[route.path]?.[route.method.toLowerCase() as "get"]
      expect(described?.operationId).toBe(route.id)
      for (const code of errorsOf(route)) {
        const response = described?.responses?.[errorKinds[code].status]
        expect(JSON.stringify(response)).toContain(`\`${code}\``)
      }
      for (const status of Object.keys(route.responses)) expect(described?.responses?.[status]).toBeDefined()
    }
  })

  it("says whether callers have to show a key, where that is known", () => {
    const securityOf = (asked?: boolean) => openApiDocument(table, "1.2.3", asked).security
    expect(securityOf()).toEqual([{}, { key: [] }])
    expect(securityOf(true)).toEqual([{ key: [] }])
    expect(securityOf(false)).toEqual([])
    expect(operation("/v1/health", "get").security).toEqual([])
  })

  it("tells the range of numbers in the query", () => {
    const parameters = operation("/v1/topics/{topic}/partitions/{partition}/records", "get").parameters
    expect(parameters).toContainEqual(
      expect.objectContaining({
        in: "query",
        name: "limit",
        schema: expect.objectContaining({ type: "integer", minimum: 1, maximum: limits.maxFetchRecords }),
      }),
    )
    expect(parameters).toContainEqual(expect.objectContaining({ in: "header", name: "If-None-Match" }))
  })

  it("tells what a name may look like", () => {
    expect(operation("/v1/topics/{topic}", "put").parameters).toContainEqual(
      expect.objectContaining({ name: "topic", schema: expect.objectContaining({ pattern: expect.any(String) }) }),
    )
  })

  it("describes binary batches beside JSON", () => {
    const path = "/v1/topics/{topic}/partitions/{partition}/records"
    const types = ["application/json", "application/vnd.kafka.record-batch"]
    const { requestBody } = operation(path, "post")
    expect(requestBody).toMatchObject({ required: true })
    expect(Object.keys((requestBody as { content: object }).content)).toEqual(types)
    const answer = operation(path, "get").responses?.["200"] as { content: object; headers: object }
    expect(Object.keys(answer.content)).toEqual([...types, "text/event-stream"])
    expect(Object.keys(answer.headers)).toContain("Stratalog-Next-Offset")
  })

  it("closes what requests may hold and leaves answers open for more", () => {
    const body = operation("/v1/topics/{topic}", "put").requestBody
    expect(body).toMatchObject({ content: { "application/json": { schema: { additionalProperties: false } } } })
    expect(document.components?.schemas?.["Topic"]).not.toHaveProperty("additionalProperties")
  })
})
