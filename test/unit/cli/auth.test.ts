/** The command line against what stands in front of a deployment in AWS: it lets in who signs, and answers in its own words. */
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { runCli } from "../../fakes/cli-io.ts"
import { signatureFault } from "../../fakes/sigv4-check.ts"

const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
const keys = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey }
const region = { AWS_REGION: "eu-central-1" }

const folder = mkdtempSync(join(tmpdir(), "stratalog-auth-"))
let server: RunningServer
let door: Server
let url: string
let faults: (string | undefined)[] = []

beforeAll(async () => {
  server = await startServer({ dataDir: folder, port: 0 })
  door = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = "GET", url: path = "" } = request
    const headers = new Headers(request.headers as Record<string, string>)
    const body = Buffer.concat(chunks)
    const scope = { service: "execute-api", region: "eu-central-1", now: Date.now() }
    const fault = await signatureFault({ method, url: url + path, headers, body }, key, scope)
    faults.push(fault)
    if (fault !== undefined) {
      response.writeHead(403).end('{"message":"Forbidden"}')
      return
    }
    for (const name of ["host", "connection", "content-length", "transfer-encoding"]) headers.delete(name)
    const answer = await fetch(server.url + path, { method, headers, ...(method !== "GET" && { body }) })
    const { "transfer-encoding": _, ...kept } = Object.fromEntries(answer.headers)
    response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((listening) => door.listen(0, "127.0.0.1", listening))
  url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
})

afterEach(() => void vi.unstubAllEnvs())

afterAll(async () => {
  door.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function strata(line: string, env: Readonly<Record<string, string>> = {}, input = "") {
  faults = []
  return runCli(line.split(" "), { env: { STRATALOG_URL: url, ...env }, input })
}

/** Whoever runs this may have some: the AWS SDK looks at the process, not at what the command was given. */
function hideCredentials() {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined)
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "none"))
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "none"))
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true")
}

describe("strata --auth iam", () => {
  it("makes every call of a first session", async () => {
    const env = { ...keys, ...region }
    expect(await strata("--auth iam topic create orders --partitions 2", env)).toMatchObject({ code: 0 })
    const produced = await strata("produce orders --auth iam --format utf8", env, "one\nzwei ü\n")
    expect(produced).toMatchObject({ code: 0, stderr: "" })
    const consumed = await strata("consume orders --from earliest --format utf8 --json", {
      ...env,
      STRATALOG_AUTH: "iam",
    })
    expect(consumed).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("zwei ü") })
    const reset = await strata("--auth iam group reset billing --topic orders --to-earliest --execute", env)
    expect(reset).toMatchObject({ code: 0 })
    expect(faults.length).toBeGreaterThan(0)
    expect((await strata("--auth iam doctor --json", env)).stdout).toContain('"check":"reach","status":"ok"')
    // It asks once without, to tell whether anybody is let in.
    expect(faults.filter((fault) => fault !== undefined)).toHaveLength(1)
  })

  it("is what the advice names where a request came without", async () => {
    const { code, stderr } = await strata("topic list")
    expect([code, faults]).toEqual([1, ["not signed"]])
    expect(stderr).toContain("--auth iam")
    expect((await strata("doctor")).stdout).toContain("--auth iam")
  })

  it("says how to get keys where there are none, and sends nothing", async () => {
    hideCredentials()
    const env = { ...region, AWS_ACCESS_KEY_ID: key.accessKeyId }
    const { code, stderr } = await strata("--auth iam topic list", env)
    expect([code, faults]).toEqual([1, []])
    expect(stderr).toContain("aws configure export-credentials")
    expect(stderr).toContain("npm install @aws-sdk/credential-provider-node")
  })

  it("needs a region where the name of the server does not tell it", async () => {
    const { code, stderr } = await strata("--auth iam --url https://log.example.com topic list", keys)
    expect([code, stderr]).toEqual([2, expect.stringContaining("set AWS_REGION")])
    // A server on this machine is asked as it is.
    expect(await strata(`--auth iam --url ${server.url} topic list`, keys)).toMatchObject({ code: 0 })
  })

  it("refuses other words", async () => {
    expect(await strata("--auth basic topic list")).toMatchObject({ code: 2 })
    expect((await strata("topic list", { STRATALOG_AUTH: "IAM" })).stderr).toContain("iam or none")
  })
})
