/** Signatures by AWS's own implementation as the judge: every request of the SDK has to be one that AWS lets in. */
import fc from "fast-check"
import { Stratalog } from "stratalog"
import { environmentCredentials, type SignedFetchOptions, signedFetch } from "stratalog/aws"
import { describe, expect, it } from "vitest"
import { scopeOfHost } from "../../../sdk/aws/endpoint.ts"
import { signatureFault } from "../../fakes/sigv4-check.ts"

const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
const now = Date.UTC(2026, 10, 27, 12, 36, 0)
const api = "https://a1b2c3.execute-api.eu-central-1.amazonaws.com"
const scope = { service: "execute-api", region: "eu-central-1", now }

type Sent = { readonly url: string; readonly init: RequestInit; readonly headers: Headers }

/** A signing `fetch` and what it sent; the answers are `statuses`, one after the other. */
function signing(options: Partial<SignedFetchOptions> = {}, statuses: number[] = []) {
  const sent: Sent[] = []
  const fetch = signedFetch({
    credentials: key,
    now: () => now,
    fetch: async (url, init) => {
      sent.push({ url, init, headers: new Headers(init.headers) })
      return Response.json({ maxBatchBytes: 1_000_000 }, { status: statuses.shift() ?? 200 })
    },
    ...options,
  })
  return { fetch, sent }
}

function faultOf({ url, init, headers }: Sent, where = scope) {
  const { method = "GET", body } = init
  return signatureFault({ method, url, headers, body: body as string | Uint8Array | undefined }, key, where)
}

async function faultOfOne(url: string, init: RequestInit, where = scope, options: Partial<SignedFetchOptions> = {}) {
  const { fetch, sent } = signing(options)
  await fetch(url, init)
  const [request] = sent
  return request === undefined ? "nothing sent" : faultOf(request, where)
}

describe("a signature", () => {
  it("is the one AWS expects, whatever path, query, headers and body are", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 })
    const segment = text.filter((part) => !/^\.{0,2}$/.test(part))
    // AWS's implementation keeps names in an object, and loses that one.
    const queryName = text.filter((name) => name !== "" && name !== "__proto__")
    const requests = fc.record({
      segments: fc.array(segment, { maxLength: 4 }),
      query: fc.array(fc.tuple(queryName, text), { maxLength: 4 }),
      method: fc.constantFrom("GET", "PUT", "POST", "PATCH", "DELETE"),
      body: fc.option(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), { nil: undefined }),
      headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.stringMatching(/^[!-~]([ !-~]{0,10}[!-~])?$/)),
    })
    await fc.assert(
      fc.asyncProperty(requests, async ({ segments, query, method, body, headers }) => {
        const path = segments.map((part) => `/${encodeURIComponent(part)}`).join("")
        const search = query
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
          .join("&")
        const url = `${api}${path}${search === "" ? "" : `?${search}`}`
        const withBody = method === "GET" || body === undefined ? {} : { body: body as BodyInit }
        expect(await faultOfOne(url, { method, headers, ...withBody })).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  it("holds for the names and marks that the API uses", async () => {
    for (const path of [
      "/v1/groups/billing/offsets:reset",
      "/v1/topics/a.b_c-d/partitions/0/records?offset=0&wait=10s",
      "/v1/topics?prefix=%20+%2B%2F%3D%26!'()*~%C3%BC",
      "/live/v1/topics//x",
      "",
    ]) {
      expect([path, await faultOfOne(api + path, {})]).toEqual([path, undefined])
    }
  })

  it("holds for function URLs, other partitions of AWS, and domains of one's own", async () => {
    const lambda = { ...scope, service: "lambda", region: "us-west-2" }
    expect(await faultOfOne("https://abc.lambda-url.us-west-2.on.aws/v1/health", {}, lambda)).toBeUndefined()
    const china = { ...scope, region: "cn-north-1" }
    expect(await faultOfOne("https://a.execute-api.cn-north-1.amazonaws.com.cn/", {}, china)).toBeUndefined()
    const own = { region: "eu-central-1" }
    expect(await faultOfOne("https://log.example.com:8443/x", {}, scope, own)).toBeUndefined()
    const behind = { ...scope, service: "lambda" }
    expect(await faultOfOne("https://log.example.com/x", {}, behind, { ...own, service: "lambda" })).toBeUndefined()
  })

  it("signs a session's token, and leaves what else the caller says of the request", async () => {
    const { fetch, sent } = signing({ credentials: { ...key, sessionToken: "T0ken==" } })
    const signal = new AbortController().signal
    await fetch(`${api}/x`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}", signal })
    expect(sent[0]?.headers.get("x-amz-security-token")).toBe("T0ken==")
    expect(sent[0]?.headers.get("content-type")).toBe("application/json")
    expect(sent[0]?.init).toMatchObject({ method: "POST", body: "{}", signal })
    expect(await faultOf(sent[0] as Sent)).toBeUndefined()
  })

  it("is judged here by what a forger changes", async () => {
    const { fetch, sent } = signing()
    await fetch(`${api}/v1/topics?limit=1`, { method: "POST", headers: { "x-a": "1" }, body: "{}" })
    const [request] = sent as [Sent]
    const changed: Sent[] = [
      { ...request, url: `${api}/v1/topics?limit=2` },
      { ...request, url: `${api}/v1/groups?limit=1` },
      { ...request, init: { ...request.init, method: "PUT" } },
      { ...request, init: { ...request.init, body: "[]" } },
      { ...request, headers: new Headers([...request.headers, ["x-a", "2"]]) },
    ]
    for (const forged of changed) expect(await faultOf(forged)).toBe("the signature does not match")
    expect(await faultOf(request, { ...scope, now: now + 301_000 })).toBe("not of this time")
    expect(await faultOf({ ...request, headers: new Headers() })).toBe("not signed")
  })
})

describe("a client that signs", () => {
  it("signs every attempt anew, with the credentials and the time of that attempt", async () => {
    let at = now
    let asked = 0
    const { fetch, sent } = signing(
      { now: () => (at += 1_000), credentials: async () => ({ ...key, sessionToken: `token-${++asked}` }) },
      [503, 503],
    )
    const log = new Stratalog({ url: api, fetch, sleep: async () => {} })
    await log.limits()
    expect(sent.map(({ headers }) => headers.get("x-amz-security-token"))).toEqual(["token-1", "token-2", "token-3"])
    expect(new Set(sent.map(({ headers }) => headers.get("authorization"))).size).toBe(3)
    for (const request of sent) expect(await faultOf(request)).toBeUndefined()
  })

  it("takes a secret that changed", async () => {
    const other = { accessKeyId: "AKIDOTHER", secretAccessKey: "other" }
    const keys = [key, other, key]
    const { fetch, sent } = signing({ credentials: () => keys.shift() ?? key })
    for (let n = 0; n < 3; n++) await fetch(api, {})
    const faults = await Promise.all(sent.map((request) => faultOf(request)))
    expect(faults).toEqual([undefined, "for AKIDOTHER/20261127/eu-central-1/execute-api/aws4_request", undefined])
    const { url, headers } = sent[1] as Sent
    expect(await signatureFault({ method: "GET", url, headers }, other, scope)).toBeUndefined()
  })

  it("says that nothing was sent where there are no credentials, and asks again", async () => {
    let asked = 0
    const { fetch, sent } = signing({
      credentials: async () => {
        if (++asked < 3) throw new Error("the profile has expired")
        return key
      },
    })
    const log = new Stratalog({ url: api, fetch, sleep: async () => {}, retries: { attempts: 2 } })
    await expect(log.topics.delete("orders")).rejects.toMatchObject({
      code: "credentials_unavailable",
      sideEffects: "none",
      detail: expect.stringContaining("the profile has expired"),
    })
    expect(sent).toEqual([])
    await log.topics.delete("orders")
    expect(sent).toHaveLength(1)
  })

  it("takes the credentials of an environment as they are at that moment", async () => {
    const env: Record<string, string | undefined> = { AWS_ACCESS_KEY_ID: key.accessKeyId }
    const { fetch, sent } = signing({ credentials: environmentCredentials(env) })
    await expect(fetch(api, {})).rejects.toMatchObject({ code: "credentials_unavailable" })
    env["AWS_SECRET_ACCESS_KEY"] = key.secretAccessKey
    await fetch(api, {})
    env["AWS_SESSION_TOKEN"] = "token"
    await fetch(api, {})
    expect(sent.map(({ headers }) => headers.get("x-amz-security-token"))).toEqual([null, "token"])
    for (const request of sent) expect(await faultOf(request)).toBeUndefined()
  })

  it("refuses what cannot be signed, at once", async () => {
    const { fetch, sent } = signing()
    const stream = new Blob(["x"]).stream()
    await expect(fetch(api, { method: "POST", body: stream })).rejects.toThrow("no stream")
    await expect(fetch("https://log.example.com/x", {})).rejects.toThrow("log.example.com does not tell its AWS region")
    const log = new Stratalog({ url: "https://log.example.com", fetch })
    await expect(log.limits()).rejects.toMatchObject({ code: "invalid_argument", sideEffects: "none" })
    expect(sent).toEqual([])
  })
})

describe("what a host name tells", () => {
  it.each([
    ["a1.execute-api.us-east-1.amazonaws.com", "execute-api us-east-1"],
    ["a1.execute-api.us-gov-west-1.amazonaws.com", "execute-api us-gov-west-1"],
    ["a1.execute-api.cn-north-1.amazonaws.com.cn", "execute-api cn-north-1"],
    ["a1.execute-api.us-east-1.api.aws", "execute-api us-east-1"],
    ["a1.lambda-url.ap-southeast-2.on.aws", "lambda ap-southeast-2"],
    ["log.example.com", undefined],
    ["execute-api.us-east-1.amazonaws.com", undefined],
    ["a1.execute-api.us-east-1.amazonaws.com.example.com", undefined],
    ["a1.s3.us-east-1.amazonaws.com", undefined],
    ["127.0.0.1", undefined],
  ])("%s: %s", (host, expected) => {
    const found = scopeOfHost(host)
    expect(found && `${found.service} ${found.region}`).toBe(expected)
  })
})
