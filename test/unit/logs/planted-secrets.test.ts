/** What callers send in confidence is in no line of any log, whatever goes wrong. */
import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { request as httpRequest } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import type { HttpEvent, RestEvent } from "../../../functions/lambda/events.ts"
import { everybody } from "../../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { upkeepHandler } from "../../../functions/lambda/upkeep-handler.ts"
import type { PartitionLog } from "../../../functions/log/ports.ts"
import { startServer } from "../../../functions/server/serve-embedded.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const planted = () => `planted-${randomBytes(9).toString("hex")}`
const [value, key, header, fence, member, cursor] = [planted(), planted(), planted(), planted(), planted(), planted()]
const apiKey = `stk_${"ab".repeat(8)}_${randomBytes(32).toString("base64url")}`
const secrets = [value, key, header, fence, member, cursor, apiKey.slice(-43), randomBytes(20).toString("hex")]
const [signature = ""] = secrets.slice(-1)
const authorizations = [
  `Bearer ${apiKey}`,
  `AWS4-HMAC-SHA256 Credential=AKID/x, Signature=${signature}`,
  `Basic ${value}`,
]

interface Request {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

const records = [{ key, value: { [value]: value }, headers: [["h", header]] }]
const json = (body: unknown) => ({ body: JSON.stringify(body), headers: { "content-type": "application/json" } })

/** Each way to be right or wrong that comes near a secret. `broken` is a topic whose log makes mistakes. */
const requests: readonly Request[] = [
  { method: "PUT", path: "/v1/topics/orders", ...json({ partitions: 1 }) },
  { method: "PUT", path: "/v1/topics/broken", ...json({ partitions: 1 }) },
  { method: "POST", path: "/v1/topics/orders/records", ...json({ records }) },
  { method: "POST", path: "/v1/topics/broken/records", ...json({ records }) },
  { method: "POST", path: "/v1/topics/broken/partitions/0/records", ...json({ records }) },
  { method: "POST", path: "/v1/topics/orders/records", ...json({ records, fencingToken: fence }) },
  { method: "POST", path: "/v1/topics/orders/partitions/0/records", ...json({ records, fencingToken: fence }) },
  { method: "PUT", path: "/v1/topics/orders/partitions/0/fence", ...json({ token: fence, expected: null }) },
  { method: "PUT", path: "/v1/topics/orders/partitions/0/fence", ...json({ token: fence, expected: value }) },
  { method: "PUT", path: "/v1/topics/orders/partitions/0/fence", ...json({ token: [fence], expected: value }) },
  { method: "POST", path: "/v1/topics/orders/records", body: `{"records":[{"value":${value}}]}` },
  { method: "POST", path: "/v1/topics/orders/records", body: value, headers: { "content-type": "text/plain" } },
  { method: "POST", path: "/v1/topics/orders/records", body: value, headers: { "content-encoding": "gzip" } },
  { method: "GET", path: `/v1/topics?cursor=${cursor}` },
  { method: "GET", path: `/v1/topics/orders/partitions/0/records?offset=${cursor}` },
  { method: "POST", path: "/v1/groups/g/offsets", ...json({ offsets: [{ topic: value, partition: 0, offset: 1 }] }) },
  { method: "POST", path: `/v1/groups/g/members/${member}/poll`, ...json({ topics: ["broken"] }) },
  { method: "POST", path: "/v1/groups/g/offsets:reset", ...json({ to: value }) },
  { method: "DELETE", path: "/v1/topics/broken" },
]

/** Mistakes, one of which quotes what it could not read. */
function breaking(log: PartitionLog, isBroken: (topicId: string) => boolean): PartitionLog {
  return {
    ...log,
    createPartitions: (topicId, count) => log.createPartitions(topicId, count),
    deletePartitions: async (topicId) => {
      if (isBroken(topicId)) BigInt(value)
      return log.deletePartitions(topicId)
    },
    append: (partition, entries) => {
      if (isBroken(partition.topicId)) throw new TypeError("a mistake of this program")
      return log.append(partition, entries)
    },
    read: (partition, request) => log.read(partition, request),
    findByTimestamp: (partition, timestamp) => log.findByTimestamp(partition, timestamp),
    describe: (partition) => log.describe(partition),
    moveLogStart: (partition, before) => log.moveLogStart(partition, before),
    setFence: (partition, expected, next) => log.setFence(partition, expected, next),
    waitForChange: (watches, signal) => log.waitForChange(watches, signal),
  }
}

describe("the logs", () => {
  let output = ""
  beforeEach(() => {
    output = ""
    const take = (chunk: unknown) => {
      output += String(chunk)
      return true
    }
    vi.spyOn(process.stderr, "write").mockImplementation(take)
    vi.spyOn(process.stdout, "write").mockImplementation(take)
  })
  afterEach(() => void vi.restoreAllMocks())

  /** Lines were written, each whole, and none has a secret. */
  const expectClean = () => {
    vi.restoreAllMocks()
    const lines = output.split("\n").filter((line) => line !== "")
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), level: expect.any(String), event: /./ })
    }
    for (const secret of secrets) expect(output.includes(secret), secret).toBe(false)
    return lines.map((line): Record<string, unknown> => JSON.parse(line))
  }

  it("of a server have none", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "stratalog-secrets-"))
    const brokenIds = new Set<string>()
    const server = await startServer({ dataDir, port: 0, wrapLog: (log) => breaking(log, (id) => brokenIds.has(id)) })
    const send = ({ method, path, body, headers = {} }: Request, authorization: string) =>
      fetch(`${server.url}${path}`, { method, headers: { ...headers, authorization }, ...(body && { body }) })
    try {
      for (const authorization of authorizations) {
        for (const request of requests) {
          const response = await send(request, authorization)
          if (request.path === "/v1/topics/broken" && response.ok && request.method === "PUT") {
            brokenIds.add(((await response.json()) as { readonly id: string }).id)
          }
        }
      }
      await brokenRequest(server.port, `GET /${cursor} HTTP/9.9\r\nauthorization: Bearer ${apiKey}\r\n\r\n`)
    } finally {
      await server.close()
      await rm(dataDir, { recursive: true, force: true })
    }
    const lines = expectClean()
    const defects = lines.filter(({ event }) => event === "defect")
    expect(defects.length).toBeGreaterThanOrEqual(3 * authorizations.length)
    expect(defects.every(({ requestId, route }) => typeof requestId === "string" && typeof route === "string")).toBe(
      true,
    )
    expect(new Set(lines.filter(({ event }) => event === "administration").map(({ route }) => route))).toEqual(
      new Set(["createTopic", "deleteTopic", "setFence"]),
    )
  })

  it("of functions have none", async () => {
    const service = openHttpApi()
    const brokenIds = new Set<string>()
    const log = breaking(service.deps.log, (id) => brokenIds.has(id))
    const handler = gatewayHandler(
      { ...service.deps, log },
      { endpointsOf: allEndpoints, pages: [], gateOf: everybody, corsOrigins: [] },
    )
    const context = { awsRequestId: "invocation-1", getRemainingTimeInMillis: () => 10_000 }
    for (const authorization of authorizations) {
      for (const { method, path, body, headers = {} } of requests) {
        const [rawPath = "", rawQueryString = ""] = path.split("?")
        const all = { ...headers, authorization }
        const requestContext = { stage: "$default", http: { method } }
        const http: HttpEvent = {
          version: "2.0",
          rawPath,
          rawQueryString,
          headers: all,
          requestContext,
          body: body ?? null,
        }
        const multiValueHeaders = Object.fromEntries(Object.entries(all).map(([name, text]) => [name, [text]]))
        const none = { multiValueQueryStringParameters: null }
        const rest: RestEvent = { httpMethod: method, path: rawPath, multiValueHeaders, ...none, body: body ?? null }
        const answer = await handler(http, context)
        if (rawPath === "/v1/topics/broken" && method === "PUT") brokenIds.add(JSON.parse(answer.body).id)
        await handler(rest, context)
      }
    }
    const upkeep = upkeepHandler({ upkeep: vi.fn(), upkeepSome: vi.fn() })
    const strange = [{ sweeep: key }, { sweep: value }, value, { Records: [{ EventSource: value }] }]
    for (const event of strange) await expect(upkeep(event, context)).rejects.toThrow("neither of a schedule")
    service.dispose()
    const lines = expectClean()
    expect(lines.filter(({ event }) => event === "defect").length).toBeGreaterThan(3)
    expect(lines.filter(({ event }) => event === "unknown_event")).toHaveLength(strange.length)
    expect(lines.every(({ requestId }) => requestId === "invocation-1")).toBe(true)
  })
})

/** Resolves when the connection is over, however it ends. */
function brokenRequest(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const request = httpRequest({ port, host: "127.0.0.1", method: "GET" })
    request.on("error", () => resolve())
    request.on("response", (response) => response.resume().on("end", () => resolve()))
    request.on("socket", (socket) => socket.on("connect", () => socket.write(text)))
    request.end()
  })
}
