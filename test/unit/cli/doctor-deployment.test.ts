/** What `strata doctor` says of deployments that are not well: a server that answers as they do. */
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { type AddressInfo, createServer as createTcpServer } from "node:net"
import { limits, problem } from "stratalog/protocol"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { connectionAdvice } from "../../../sdk/cli/connection-advice.ts"
import type { Finding } from "../../../sdk/cli/doctor/finding.ts"
import { groupsFinding } from "../../../sdk/cli/doctor/groups-finding.ts"
import { upkeepFindings } from "../../../sdk/cli/doctor/upkeep-findings.ts"
import { packageVersion } from "../../../sdk/cli/version.ts"
import type { UpkeepStatus } from "../../../sdk/protocol/schemas/upkeep.ts"
import { type CliOptions, runCli } from "../../fakes/cli-io.ts"

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const HOUR_MS = 3_600_000
const NOW = 1_800_000_000_000

const failures = { count: 0, codes: [], first: [] }
const piece = { startedAt: NOW - 60_000, endedAt: NOW - 30_000, partitions: 4 }
const kept: UpkeepStatus = {
  lastRun: { ...piece, sweep: false, complete: true, failures },
  lastRound: {
    ...piece,
    failures,
    unfinished: false,
    backlog: { waitingBytes: 5 * 1024 ** 2, overduePartitions: 0, overdueSince: null },
  },
  lastSweep: { ...piece, removed: { objects: 2, items: 1, bytes: 1024 ** 2 } },
  lastNudge: null,
}

const alive = { body: { status: "ok", version: packageVersion() } }
const ours = (code: Parameters<typeof problem>[0]): Answer => ({
  status: problem(code, "").status,
  headers: { "content-type": "application/problem+json" },
  body: problem(code, "as it is"),
})
const well: Readonly<Record<string, Answer>> = {
  "/v1/health/live": alive,
  "/v1/health": alive,
  "/v1/limits": { body: limits },
  "/v1/topics": { body: { topics: [] } },
  "/v1/groups": { body: { groups: [] } },
  "/v1/produce": ours("invalid_request"),
  "/v1/fetch": ours("invalid_request"),
  "/v1/groups/strata-doctor/offsets": ours("group_not_found"),
  "/v1/upkeep": { body: kept },
}

let answers: Readonly<Record<string, Answer>> = {}
/** What is answered to everything that has no answer of its own. */
let everything: Answer | undefined
const servers: Server[] = []
let url: string

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await once(server.listen(0, "127.0.0.1"), "listening")
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  const fake = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { status = 200, headers = {}, body } = everything ?? answers[request.url ?? ""] ?? { status: 404, body: {} }
    response.sendDate = headers["date"] !== "none"
    response.writeHead(status, { "content-type": "application/json", ...headers })
    response.end(typeof body === "string" ? body : JSON.stringify(body))
  })
  url = `http://127.0.0.1:${await listening(fake)}`
})
afterAll(() => {
  for (const server of servers) server.close()
})
afterEach(() => {
  answers = {}
  everything = undefined
})

interface Examined {
  readonly code: number
  readonly findings: readonly Finding[]
}

async function examined(args: readonly string[] = [url], options: CliOptions = {}): Promise<Examined> {
  const { code, stdout } = await runCli(["doctor", ...args, "--json"], { now: NOW, ...options })
  return { code, findings: JSON.parse(stdout).findings }
}

const findingOf = ({ findings }: Examined, check: string) => findings.find((finding) => finding.check === check)
const problems = ({ findings }: Examined) =>
  findings.filter(({ status }) => status !== "ok").map(({ check, status }) => `${status} ${check}`)

describe("strata doctor of what is in front of a deployment", () => {
  const signing = { env: { AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" } }
  const NOT_ALLOWED =
    "User: arn:aws:iam::1:user/u is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:x"

  it.each([
    ["unsigned", 403, { message: "Forbidden" }, "--auth iam"],
    ["unsigned, or a stage that is not there", 403, { message: "Missing Authentication Token" }, "--auth iam"],
    ["unsigned, at a function URL", 403, { Message: "Forbidden" }, "lambda:InvokeFunctionUrl"],
    ["signed and not allowed", 403, { message: NOT_ALLOWED }, "execute-api:Invoke"],
    ["signed too long ago", 403, { message: "Signature expired: 20260101 is now earlier than 20260102" }, "NTP"],
    ["signed by another key", 403, { message: "The request signature we calculated does not match" }, "AWS_REGION"],
    [
      "signed by nobody",
      403,
      { message: "The security token included in the request is invalid." },
      "AWS_SESSION_TOKEN",
    ],
    ["a route that is not there", 404, { message: "Not Found" }, "stage"],
    ["a function that fails", 500, { message: "Internal Server Error" }, "CloudWatch"],
    ["a function that takes too long", 504, { message: "Endpoint request timed out" }, "time-outs"],
    ["a function without room", 503, { message: "Service Unavailable" }, "throttles"],
    ["too many requests", 429, { message: "Too Many Requests" }, "throttling"],
    ["another program", 200, { hello: "world" }, "deployment told"],
  ])("tells %s", async (name, status, body, advice) => {
    everything = { status, body }
    const isSigned = /^signed|function URL/.test(name)
    const found = await examined(isSigned ? [url, "--auth", "iam"] : [url], isSigned ? signing : {})
    expect(problems(found)).toEqual(["fail reach"])
    expect(found.code).toBe(3)
    expect(findingOf(found, "reach")?.advice).toContain(advice)
    if (status !== 200) expect(findingOf(found, "reach")?.detail).toContain(`answers ${status}`)
  })

  it("tells a web page, and its own server at another path", async () => {
    everything = { status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html><h1>Welcome</h1>" }
    expect(findingOf(await examined(), "reach")?.detail).toContain("web page")
    everything = ours("route_not_found")
    expect(findingOf(await examined([`${url}/v1`]), "reach")?.advice).toContain("Leave the path out")
  })

  it("tells a redirect, on which what is written gets lost", async () => {
    answers = well
    const redirecting = createServer((request, response) => {
      response.writeHead(301, { location: url + request.url }).end()
    })
    const found = await examined([`http://127.0.0.1:${await listening(redirecting)}`])
    const advice = expect.stringMatching(new RegExp(`--url ${url}$`))
    expect(findingOf(found, "reach")).toMatchObject({ status: "fail", advice })
  })

  it("tells http where https was asked, and the other way round, and a certificate that nobody trusts", async () => {
    const folder = new URL("../../fixtures/tls/", import.meta.url)
    const [cert, key] = await Promise.all(
      ["first-cert.pem", "first-key.pem"].map((name) => readFile(new URL(name, folder))),
    )
    const port = await listening(createTlsServer({ cert, key }, (_request, response) => void response.end()))
    const adviceAt = async (at: string) => findingOf(await examined([at]), "reach")?.advice
    expect(await adviceAt(url.replace("http:", "https:"))).toContain("say http://")
    expect(await adviceAt(`http://127.0.0.1:${port}`)).toMatch(/https/)
    expect(await adviceAt(`https://127.0.0.1:${port}`)).toMatch(/NODE_EXTRA_CA_CERTS|other names/)
  })

  it("tells what nobody knows, who is not there, and who hangs up", async () => {
    const tcp = createTcpServer((socket) => void socket.destroy())
    await once(tcp.listen(0, "127.0.0.1"), "listening")
    const { port } = tcp.address() as AddressInfo
    const hangsUp = await examined([`http://127.0.0.1:${port}`])
    expect(findingOf(hangsUp, "reach")?.advice).toContain("https")
    tcp.close()
    expect(findingOf(await examined([`http://127.0.0.1:${port}`]), "reach")?.advice).toContain("Start a server there")
    expect(hangsUp.code).toBe(3)
    const nowhere = findingOf(await examined(["http://nowhere.invalid"]), "reach")
    expect(nowhere?.advice).toMatch(/resolver/)
  })

  it("has advice for what cannot be made on this machine", () => {
    const at = (code: string, of = "https://log.example.com") => connectionAdvice(of, code)
    expect(at("CERT_HAS_EXPIRED")).toContain("expired")
    expect(at("ERR_TLS_CERT_ALTNAME_INVALID")).toContain("other names")
    expect(at("DEPTH_ZERO_SELF_SIGNED_CERT")).toContain("NODE_EXTRA_CA_CERTS")
    expect(at("EAI_AGAIN")).toContain("resolver")
    expect(at("timeout")).toContain("firewalls")
    expect(at("credentials_unavailable")).toContain("AWS_ACCESS_KEY_ID")
    expect(at("timeout", "http://a1.execute-api.eu-central-1.amazonaws.com")).toContain("https alone")
  })
})

describe("strata doctor of a deployment", () => {
  it("finds all well", async () => {
    answers = well
    const found = await examined()
    expect(problems(found)).toEqual(["warn clock"])
    expect(found.code).toBe(0)
  })

  it("tells other versions and limits, and limits that are not told", async () => {
    answers = {
      ...well,
      "/v1/health/live": { body: { status: "ok", version: "0.0.1" } },
      "/v1/limits": { body: { maxBatchBytes: 1024, maxWaitMs: 1000 } },
    }
    const found = await examined()
    expect(findingOf(found, "version")).toMatchObject({ status: "warn", detail: expect.stringContaining("0.0.1") })
    expect(findingOf(found, "limits")).toMatchObject({ status: "warn", detail: expect.stringContaining("maxMembers") })
    expect(found.code).toBe(0)
    answers = { ...well, "/v1/limits": ours("internal_error") }
    expect(problems(await examined())).toContain("fail limits")
  })

  it("tells storage that is full, and storage that fails", async () => {
    answers = { ...well, "/v1/health": ours("storage_full") }
    const full = await examined()
    expect(full.code).toBe(1)
    expect(findingOf(full, "health")).toMatchObject({ status: "fail", advice: expect.stringContaining("disk space") })
    answers = { ...well, "/v1/health": ours("unavailable") }
    expect(findingOf(await examined(), "health")).toMatchObject({
      status: "fail",
      detail: expect.stringContaining("503"),
    })
  })

  it("tells clocks that differ, and where they cannot be compared", async () => {
    answers = { ...well, "/v1/health/live": { ...alive, headers: { date: new Date(0).toUTCString() } } }
    expect(findingOf(await examined(), "clock")).toMatchObject({
      status: "warn",
      detail: expect.stringContaining("behind"),
    })
    answers = { ...well, "/v1/health/live": { ...alive, headers: { date: "none" } } }
    expect(findingOf(await examined(), "clock")?.detail).toContain("cannot be compared")
  })

  it.each([
    ["produce", "/v1/produce"],
    ["fetch", "/v1/fetch"],
    ["poll", "/v1/groups/strata-doctor/offsets"],
  ])("tells a function of its own that fails: %s", async (name, path) => {
    answers = { ...well, [path]: { status: 502, body: { message: "Internal server error" } } }
    const failed = await examined()
    expect(failed.code).toBe(1)
    expect(findingOf(failed, "parts")).toMatchObject({
      status: "fail",
      detail: expect.stringContaining(`to ${name} answers 502`),
    })
    answers = { ...well, [path]: { status: 403, body: { message: "User: x is not authorized to perform: y" } } }
    expect(findingOf(await examined(), "parts")?.advice).toContain("Allow it")
  })

  it("tells a server that is too old to tell of upkeep", async () => {
    answers = { ...well, "/v1/upkeep": ours("route_not_found") }
    const old = await examined()
    expect(findingOf(old, "upkeep")).toMatchObject({
      status: "warn",
      detail: expect.stringContaining("too old to tell"),
    })
    expect(old.code).toBe(0)
    answers = { ...well, "/v1/upkeep": ours("internal_error") }
    expect(problems(await examined())).toContain("fail upkeep")
  })

  it("tells what upkeep failed at", async () => {
    const first = {
      code: "corrupt",
      topic: "orders",
      topicId: "t",
      partition: 3,
      step: "tier",
      detail: "CRC differs.",
    } as const
    const failed = { count: 2, codes: [{ code: first.code, count: 2 }], first: [first] }
    answers = { ...well, "/v1/upkeep": { body: { ...kept, lastRound: { ...kept.lastRound, failures: failed } } } }
    const found = await examined()
    expect(found.code).toBe(1)
    expect(findingOf(found, "failures")).toMatchObject({
      detail: "Upkeep failed 2 times in its last round: orders:3 CRC differs.",
      advice: expect.stringContaining("backup"),
    })
  })

  it("tells groups that are behind, and topics that cannot be listed", async () => {
    const lag = { partitions: [], totalLag: 7 }
    answers = {
      ...well,
      "/v1/groups": { body: { groups: [{ group: "billing" }] } },
      "/v1/groups/billing/lag": { body: lag },
    }
    expect(findingOf(await examined(), "groups")?.detail).toBe(
      "No group lost anything unread; 1 of 1 have more to read: billing by 7 records.",
    )
    answers = { ...well, "/v1/topics": ours("internal_error") }
    expect(problems(await examined())).toContain("fail content")
  })

  it("asks once without a signature, and tells whether that is let in", async () => {
    answers = well
    const env = { AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }
    expect(findingOf(await examined([url, "--auth", "iam"], { env }), "access")?.status).toBe("warn")
    const door = createServer((request, response) => {
      const isSigned = request.headers.authorization?.startsWith("AWS4-HMAC-SHA256") === true
      const { status = 200, body } = isSigned ? (answers[request.url ?? ""] ?? {}) : { status: 403, body: {} }
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    })
    const guarded = `http://127.0.0.1:${await listening(door)}`
    expect(findingOf(await examined([guarded, "--auth", "iam"], { env }), "access")?.status).toBe("ok")
  })

  it("tells what is refused on the way of a record", async () => {
    answers = well
    expect(problems(await examined([url, "--write"])).slice(-2)).toEqual(["fail write", "fail clean up"])
  })
})

describe("what upkeep says", () => {
  const said = (status: Partial<UpkeepStatus>, since?: number) =>
    upkeepFindings({ ...kept, ...status }, NOW, since).map(({ check, status: how }) => `${how} ${check}`)
  const late = { startedAt: NOW - 9 * HOUR_MS, endedAt: NOW - 8 * HOUR_MS, partitions: 4 }
  const gone = { startedAt: NOW - 90 * HOUR_MS, endedAt: NOW - 80 * HOUR_MS, partitions: 4 }
  const none = { lastRun: null, lastRound: null, lastSweep: null }

  it("is well, late, or gone", () => {
    const run = { sweep: false, complete: true, failures }
    expect(said({})).toEqual(["ok upkeep", "ok backlog", "ok orphans"])
    expect(said({ lastRun: { ...run, ...late } })[0]).toBe("warn upkeep")
    expect(said({ lastRun: { ...run, ...gone } })[0]).toBe("fail upkeep")
    expect(said({ lastSweep: { ...gone, removed: { objects: 0, items: 0, bytes: 0 } } })[2]).toBe("warn orphans")
    expect(said({ lastSweep: null })[2]).toBe("warn orphans")
  })

  it("is nothing yet of a young log, and a warning of an older one", () => {
    expect(said(none)).toEqual(["ok upkeep", "ok backlog", "ok orphans"])
    expect(said(none, NOW - HOUR_MS)[0]).toBe("ok upkeep")
    expect(said(none, NOW - 30 * HOUR_MS)[0]).toBe("warn upkeep")
  })

  it("is a backlog once it is old", () => {
    const behind = (hours: number, unfinished = false) => {
      const backlog = { waitingBytes: 2 ** 30, overduePartitions: 3, overdueSince: NOW - hours * HOUR_MS }
      return upkeepFindings({ ...kept, lastRound: { ...piece, failures, unfinished, backlog } }, NOW, 0)[1]
    }
    expect(behind(1)?.status).toBe("ok")
    expect(behind(5)).toMatchObject({ status: "warn", detail: expect.stringMatching(/1024\.0 MiB.*3 partitions.*5 h/) })
    expect(behind(5, true)?.advice).toContain("more to do than time")
  })
})

it("a group that lost records unread is told by name, and those not looked at are counted", () => {
  const at = { topic: "t", partition: 0, highWatermark: 9, memberId: null }
  const lag = { partitions: [{ ...at, committedOffset: 2, logStartOffset: 5, lag: 4 }], totalLag: 4 }
  const fine = { partitions: [{ ...at, committedOffset: 5, logStartOffset: 5, lag: 4 }], totalLag: 0 }
  expect(groupsFinding([{ group: "lost", lag }], 3)).toMatchObject({
    status: "warn",
    detail: "Records were deleted before lost read them. 3 more were not looked at.",
  })
  expect(groupsFinding([{ group: "fine", lag: fine }], 0)).toMatchObject({
    status: "ok",
    detail: "1 group, none behind.",
  })
})
