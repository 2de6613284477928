/** What each front door and the functions behind it make of sizes, origins and base paths, together. */
import { BATCH_TYPE } from "stratalog/protocol"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import { everybody } from "../../../functions/lambda/gates.ts"
import { type FrontDoor, gatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { BASE64_BODY_BYTES, lambdaLimits, PAYLOAD_BYTES } from "../../../functions/lambda/limits.ts"
import { type DoorKind, type DoorOptions, doorOf } from "../../fakes/front-doors/doors.ts"
import { type Gateway, startGateway } from "../../fakes/gateway.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const service = openHttpApi({ limits: lambdaLimits })
afterAll(() => service.dispose())

/** Answers with as many bytes as it is asked for, each of which takes two as JSON. */
const large = {
  path: "/large",
  respond: ({ search, header }: { readonly search: string; header(name: string): string | undefined }) => ({
    status: 200,
    headers: { "content-type": header("accept") ?? "text/plain" },
    body: '"'.repeat(Number(new URLSearchParams(search).get("bytes"))),
  }),
}

const open: Gateway[] = []
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close()
})

const kinds: readonly DoorKind[] = ["http-api", "function-url", "rest-api"]

/** The functions are told what the stack tells them. */
async function start(kind: DoorKind, options: DoorOptions = {}): Promise<string> {
  const { corsOrigins = [], basePath } = options
  const told: FrontDoor = kind === "function-url" ? { corsOrigins: [] } : { corsOrigins, basePath }
  const handler = gatewayHandler(service.deps, {
    ...told,
    endpointsOf: allEndpoints,
    pages: [large],
    gateOf: everybody,
  })
  const gateway = await startGateway(doorOf(kind, handler, options))
  open.push(gateway)
  return gateway.url
}

const SIGNED = { authorization: "AWS4-HMAC-SHA256 Credential=AKIA/20261127/us-east-1/execute-api/aws4_request" }

describe.each(kinds)("sizes behind %s", (kind) => {
  const { maxRequestBytes } = lambdaLimits
  /** A line break is the only thing in JSON, outside of texts, that takes two bytes when JSON is put into JSON. */
  const padded = (bytes: number) => '{"records":[{"value":1}]}'.padEnd(bytes, "\n")
  const problemOf = async (response: Response) => [response.status, (await response.json()) as object] as const

  it.each([
    ["as text", { "content-type": "application/json" }],
    ["as base64", { "content-type": "application/vnd.api+json" }],
    // The headers take all that API Gateway lets through, and are told twice behind a REST API.
    ["beside long headers", { "content-type": "application/json", "x-long": '"'.repeat(9_000) }],
  ])("a request of the limit comes in, and one of a byte more is refused by the API: %s", async (what, headers) => {
    const url = await start(kind)
    const topic = `${kind}-${what.replaceAll(" ", "-")}`
    await fetch(`${url}/v1/topics/${topic}`, { method: "PUT" })
    const path = `${url}/v1/topics/${topic}/records`
    const fits = await fetch(path, { method: "POST", headers, body: padded(maxRequestBytes) })
    expect(await problemOf(fits)).toMatchObject([200, { results: [{ baseOffset: 0 }] }])
    const over = await fetch(path, { method: "POST", headers, body: padded(maxRequestBytes + 1) })
    expect(await problemOf(over)).toMatchObject([413, { code: "body_too_large", maxBytes: maxRequestBytes }])
  })

  it.each(["text/plain", BATCH_TYPE])(
    "an answer that fits goes out whole, and one of a byte more is told: %s",
    async (accept) => {
      const url = await start(kind)
      const fits = await fetch(`${url}/large?bytes=${BASE64_BODY_BYTES}`, { headers: { accept } })
      expect(fits.status).toBe(200)
      expect((await fits.arrayBuffer()).byteLength).toBe(BASE64_BODY_BYTES)
      const over = await fetch(`${url}/large?bytes=${BASE64_BODY_BYTES + 1}`, { headers: { accept } })
      expect(await problemOf(over)).toMatchObject([500, { code: "internal_error" }])
    },
  )

  it("what AWS itself does not carry never comes to the API", async () => {
    const body = padded(PAYLOAD_BYTES)
    const headers = { "content-type": "application/json" }
    const response = await fetch(`${await start(kind)}/v1/topics/any/records`, { method: "POST", headers, body })
    expect(await problemOf(response)).toEqual([413, { message: "Request Too Long" }])
  })
})

describe.each(kinds)("pages of another origin behind %s", (kind) => {
  const origin = "https://app.example.com"
  const options = { signed: true, corsOrigins: [origin] }
  const preflight = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  }

  it("ask first, without a signature, and are told what they may", async () => {
    const url = await start(kind, options)
    for (const path of ["/v1/produce", "/v1/groups/g/members/m/poll", "/v1/topics/t"]) {
      const { status, headers } = await fetch(`${url}${path}`, { method: "OPTIONS", headers: preflight })
      expect([200, 204], path).toContain(status)
      expect(headers.get("access-control-allow-origin")).toBe(origin)
      expect(headers.get("access-control-allow-headers")).toContain("authorization")
      expect(headers.get("access-control-allow-methods")).toMatch(/POST|PUT|\*/)
    }
    expect((await fetch(`${url}/v1/produce`, { method: "POST", headers: { origin } })).status).toBe(403)
  })

  it("call then, and read an answer that permits it once", async () => {
    const response = await fetch(`${await start(kind, options)}/v1/limits`, { headers: { ...SIGNED, origin } })
    expect(response.status).toBe(200)
    // A header that comes twice is told with a comma here, and is none for a browser.
    expect(response.headers.get("access-control-allow-origin")).toBe(origin)
    expect(response.headers.get("access-control-expose-headers")).toMatch(/^[^,]+(, ?[^,]+){6}$/)
  })

  it("are told nothing where nobody is to come from elsewhere", async () => {
    const url = await start(kind, { signed: true })
    expect((await fetch(`${url}/v1/produce`, { method: "OPTIONS", headers: preflight })).status).toBe(403)
    const { headers } = await fetch(`${url}/v1/limits`, { headers: { ...SIGNED, origin } })
    expect(headers.get("access-control-allow-origin")).toBeNull()
  })
})

describe.each(kinds)("a path with an encoded question mark behind %s", (kind) => {
  // Who may send polls, POST /v1/groups/*/members/*, may not reset the group.
  it("is not the path before it", async () => {
    const url = await start(kind)
    await fetch(`${url}/v1/topics/cut-${kind}`, { method: "PUT" })
    const offsets = `${url}/v1/groups/cut-${kind}/offsets`
    const offset = { topic: `cut-${kind}`, partition: 0, offset: 0 }
    const headers = { "content-type": "application/json" }
    await fetch(offsets, { method: "POST", headers, body: JSON.stringify({ offsets: [offset] }) })
    const body = JSON.stringify({ to: "latest", execute: true })
    for (const path of [`${offsets}:reset%3F/members/m/poll`, `${offsets}:reset%3f`]) {
      expect((await fetch(path, { method: "POST", headers, body })).status, path).toBe(404)
    }
    expect((await fetch(`${offsets}:reset`, { method: "POST", headers, body })).status).toBe(200)
  })

  // Who may delete records, DELETE /v1/topics/*/partitions/*/records, may not delete the topic.
  it("is none of those that have no route of their own either", async () => {
    const url = await start(kind)
    const topic = `${url}/v1/topics/kept-${kind}`
    await fetch(topic, { method: "PUT" })
    for (const path of [`${topic}%3F/partitions/0/records`, `${topic}%3f`, `${topic}%3F/x`]) {
      // No topic of that name, or no such path.
      expect([400, 404], path).toContain((await fetch(path, { method: "DELETE" })).status)
    }
    expect((await fetch(topic)).status).toBe(200)
  })
})

describe.each(kinds)("a path with an escape of what needs none behind %s", (kind) => {
  const every = "ABCXYZabcxyz0189-._~"
  const escapeOf = (character: string) => `%${character.charCodeAt(0).toString(16)}`

  // Who may not call GET /v1/topics/secret cannot by another spelling. An HTTP API decodes once before it tells the path.
  it("leads nowhere, decoded once or not", async () => {
    const url = await start(kind)
    const topic = `${url}/v1/topics`
    await fetch(`${topic}/secret`, { method: "PUT" })
    const once = ["%73ecret", "secre%74", "se%63ret/partitions/0/records"]
    const twice = once.map((path) => path.replace("%", "%25"))
    for (const path of kind === "http-api" ? twice : [...once, ...twice]) {
      expect([path, (await fetch(`${topic}/${path}`)).status]).toEqual([path, expect.toBeOneOf([400, 404])])
    }
    for (const path of ["v1/%2574opics/secret", "%25761/topics/secret", "v1%252Ftopics/secret", "v1/topics%252fsecret"])
      expect([path, (await fetch(`${url}/${path}`)).status]).toEqual([path, 404])
    expect((await fetch(`${topic}/secret`)).status).toBe(200)
  })

  it("whichever character it is", async () => {
    const url = await start(kind)
    for (const character of every) {
      const name = `all${character}x`
      if (character !== "~") await fetch(`${url}/v1/topics/${name}`, { method: "PUT" })
      for (const escaped of [escapeOf(character), escapeOf(character).toUpperCase()]) {
        const sent = `all${kind === "http-api" ? escaped.replace("%", "%25") : escaped}x`
        expect([sent, (await fetch(`${url}/v1/topics/${sent}`)).status]).toEqual([sent, 400])
      }
    }
  })

  it("is another thing than one of the colon, which some clients escape", async () => {
    const url = await start(kind)
    const headers = { "content-type": "application/json" }
    const body = JSON.stringify({ to: "latest" })
    for (const colon of [":", "%3A"]) {
      const path = `${url}/v1/groups/colon-${kind}/offsets${colon}reset`
      const { code } = (await (await fetch(path, { method: "POST", headers, body })).json()) as { code?: string }
      expect([colon, code]).toEqual([colon, "group_not_found"])
    }
  })
})

describe.each(["http-api", "rest-api"] as const)("a base path before %s", (kind) => {
  it("is no part of the paths of the API", async () => {
    const url = await start(kind, { basePath: "log" })
    expect(url).toMatch(/\/log$/)
    expect((await fetch(`${url}/v1/limits`)).status).toBe(200)
    expect(await (await fetch(`${url}/v1/nothing`)).json()).toMatchObject({
      detail: expect.stringContaining("nothing at /v1/nothing"),
    })
  })
})
