/** Requests of a front door, and what CloudWatch learns of them. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import { metricTable } from "../../../functions/http/metrics/table/all.ts"
import type { HttpEvent } from "../../../functions/lambda/events.ts"
import { openEyes, plainEyes } from "../../../functions/lambda/eyes.ts"
import { FunctionFigures } from "../../../functions/lambda/function-figures.ts"
import { everybody } from "../../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../../functions/lambda/limits.ts"
import { type Extracted, extract } from "../../fakes/emf.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const environment = {
  STRATALOG_METRICS: "emf",
  STRATALOG_DEPLOYMENT: "Stratalog-Service",
  STRATALOG_FUNCTION: "api",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
}

const service = openHttpApi({ limits: lambdaLimits })
afterAll(() => service.dispose())
const context = { awsRequestId: "invocation-1", getRemainingTimeInMillis: () => 10_000 }

function handlerWith(eyes: typeof plainEyes) {
  const deps = { ...service.deps, log: eyes.watched(service.deps.log) }
  return gatewayHandler(deps, { endpointsOf: allEndpoints, pages: [], gateOf: everybody, eyes, corsOrigins: [] })
}

function event(method: string, path: string, body?: unknown): HttpEvent {
  const [rawPath = "", rawQueryString = ""] = path.split("?")
  const requestContext = { stage: "$default", http: { method } }
  const headers = { "content-type": "application/json" }
  return { version: "2.0", rawPath, rawQueryString, headers, requestContext, body: JSON.stringify(body) ?? null }
}

let lines: string[] = []
beforeEach(() => {
  lines = []
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    lines.push(String(chunk))
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const extracted = (): readonly Extracted[] => lines.flatMap((line) => extract(line) ?? [])
const sums = () => {
  const found = new Map<string, number>()
  for (const { name, dimensions, values } of extracted()) {
    const { Deployment: _, ...others } = dimensions
    const key = [name, ...Object.values(others)].join(" ")
    found.set(key, (found.get(key) ?? 0) + values.reduce((sum, value) => sum + value, 0))
  }
  return found
}

describe("the figures of a function", () => {
  it("are the metrics of the table, by its names, dimensions and units, in the format of CloudWatch", async () => {
    // However long the requests take here, none is told because ten seconds are over.
    vi.useFakeTimers({ toFake: ["Date"] })
    const handler = handlerWith(openEyes(environment))
    await handler(event("PUT", "/v1/topics/orders", { partitions: 1 }), context)
    const records = "/v1/topics/orders/partitions/0/records"
    for (let turn = 0; turn < 150; turn += 1)
      await handler(event("POST", records, { records: [{ value: turn }] }), context)
    await handler(event("GET", `${records}?offset=0`), context)
    for (let turn = 0; turn < 100; turn += 1) await handler(event("GET", "/v1/topics/none"), context)
    const table = new Map(
      Object.values(metricTable).flatMap((metrics) => metrics.map((metric) => [metric.name, metric])),
    )
    for (const { namespace, name, dimensions } of extracted()) {
      expect(namespace).toBe("Stratalog")
      expect([name, Object.keys(dimensions)]).toEqual([
        name,
        ["Deployment", ...(table.get(name)?.cloudWatch ?? ["none"])],
      ])
      expect(dimensions["Deployment"]).toBe("Stratalog-Service")
    }
    const told = sums()
    // The first flushes at once, then a hundred at a time; what comes after is told by a later request.
    expect(told.get("stratalog_http_requests_total api")).toBe(201)
    expect(told.get("stratalog_records_appended_total")).toBe(150)
    expect(told.get("stratalog_records_read_total")).toBe(150)
    expect(told.get("stratalog_appended_bytes_total")).toBe(told.get("stratalog_read_bytes_total"))
    expect(told.get("stratalog_http_errors_total topic_not_found")).toBe(49)
    expect(told.get("stratalog_estimated_cost_dollars_total")).toBeGreaterThan(201 * 0.2e-6)
    const seconds = extracted().filter(({ name }) => name === "stratalog_http_request_duration_seconds")
    expect(seconds.map(({ values }) => values.length)).toEqual([1, 100, 100])
  })

  it("are lines of the log like all others", async () => {
    const handler = handlerWith(openEyes(environment))
    await handler(event("GET", "/v1/topics"), context)
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: "info", event: "figures", requestId: "invocation-1", time: expect.any(String) }),
    ])
  })

  it("are none where nobody asked for them, and must be whole", async () => {
    expect(openEyes({})).toBe(plainEyes)
    await handlerWith(openEyes({}))(event("GET", "/v1/topics"), context)
    expect(lines).toEqual([])
    expect(() => openEyes({ STRATALOG_METRICS: "on" })).toThrow("must be emf, or absent")
    expect(() => openEyes({ ...environment, STRATALOG_DEPLOYMENT: "" })).toThrow("STRATALOG_DEPLOYMENT is missing")
  })
})

describe("the figures", () => {
  const clock = { time: 1_763_600_000_000 }
  const open = () =>
    new FunctionFigures({
      deployment: "D",
      name: "produce",
      memoryMiB: 512,
      now: () => clock.time,
      say: (said) => lines.push(JSON.stringify(said)),
    })
  const answered = (figures: FunctionFigures, status = 200) => {
    figures.finished({ answer: { status, headers: {}, ...(status >= 400 && { code: "unavailable" }) }, seconds: 0.01 })
    figures.answered()
  }

  it("are told with the first request, then every ten seconds at the most", () => {
    const figures = open()
    answered(figures)
    expect(lines).toHaveLength(1)
    for (let turn = 0; turn < 20; turn += 1) answered(figures)
    expect(lines).toHaveLength(1)
    clock.time += 10_000
    answered(figures)
    expect(lines).toHaveLength(2)
    expect(sums().get("stratalog_http_requests_total produce")).toBe(22)
  })

  it("are told at once where something broke", () => {
    const figures = open()
    answered(figures)
    lines = []
    answered(figures, 503)
    expect(sums().get("stratalog_http_errors_total unavailable")).toBe(1)
  })

  it("have why conditions failed, each reason for itself, and what DynamoDB and S3 were asked for", () => {
    const figures = open()
    const attempt = { service: "dynamodb", operation: "UpdateItem", seconds: 0, ended: "answered" } as const
    figures.attempted({ ...attempt, writeUnits: 3, readUnits: 0 })
    figures.attempted({ ...attempt, operation: "GetItem", writeUnits: 0, readUnits: 2 })
    figures.attempted({
      ...attempt,
      service: "s3",
      operation: "PutObject",
      ended: "throttled",
      writeUnits: 0,
      readUnits: 0,
    })
    figures.refused("position")
    figures.refused("position")
    figures.refused("fence")
    answered(figures)
    const told = sums()
    expect(told.get("stratalog_dynamodb_write_units_total")).toBe(3)
    expect(told.get("stratalog_dynamodb_read_units_total")).toBe(2)
    expect(told.get("stratalog_storage_throttles_total")).toBe(1)
    expect(told.get("stratalog_storage_failures_total")).toBeUndefined()
    expect(told.get("stratalog_conditional_failures_total position")).toBe(2)
    expect(told.get("stratalog_conditional_failures_total fence")).toBe(1)
    const expected = 3 * 0.625e-6 + 2 * 0.125e-6 + 5e-6 + 0.2e-6 + 0.01 * 0.5 * 0.000_013_333_4
    expect(told.get("stratalog_estimated_cost_dollars_total")).toBeCloseTo(expected, 10)
  })

  it("take few bytes: busy environments tell a hundred requests in a line", () => {
    const figures = open()
    for (let turn = 0; turn < 1_001; turn += 1) answered(figures)
    const bytes = lines.reduce((sum, line) => sum + line.length, 0)
    expect(lines).toHaveLength(11)
    expect(bytes).toBeLessThan(1_001 * 20)
  })
})
