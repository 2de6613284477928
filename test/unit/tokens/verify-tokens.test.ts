import { SignJWT, UnsecuredJWT } from "jose"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { TokenVerifier } from "../../../functions/access/tokens.ts"
import { tokenVerifier } from "../../../functions/tokens/verify-tokens.ts"
import { AUDIENCE, startTokenIssuer, type TokenIssuer } from "../../fakes/token-issuer.ts"

const NOW = 1_763_600_000_000
const inSeconds = (seconds: number) => NOW / 1000 + seconds

let issuer: TokenIssuer
let now: number
let verifier: TokenVerifier

beforeEach(async () => {
  issuer = await startTokenIssuer()
  now = NOW
  verifier = verifierFor("sub")
})
afterEach(() => issuer.stop())

function verifierFor(principalClaim: string): TokenVerifier {
  return tokenVerifier({ ...issuer.settings, principalClaim, clock: { now: () => now } })
}

const good = () => issuer.token({ sub: "alice", exp: inSeconds(60) })

describe("a token", () => {
  it("names its caller by the claim that is set, and says until when", async () => {
    expect(await verifier.verify(await good())).toEqual({
      kind: "accepted",
      principal: "User:alice",
      expiresAt: NOW + 60_000,
    })
    const token = await issuer.token({ sub: "1234", "cognito:username": "bob", exp: inSeconds(60) })
    expect(await verifierFor("cognito:username").verify(token)).toMatchObject({ principal: "User:bob" })
  })

  it.each([
    ["expired", { sub: "alice", exp: inSeconds(-31) }, "it is expired"],
    ["without an end", { sub: "alice" }, "its claim exp is missing or another one"],
    [
      "not valid yet",
      { sub: "alice", exp: inSeconds(90), nbf: inSeconds(60) },
      "its claim nbf is missing or another one",
    ],
    [
      "for somebody else",
      { sub: "alice", exp: inSeconds(60), aud: "other" },
      "its claim aud is missing or another one",
    ],
    [
      "of another issuer",
      { sub: "alice", exp: inSeconds(60), iss: "https://x" },
      "its claim iss is missing or another one",
    ],
    ["without a name", { exp: inSeconds(60) }, "it has no claim sub"],
    ["for everybody", { sub: "*", exp: inSeconds(60) }, "its claim sub is no name that a principal may have"],
  ])("%s is refused, and its sender told why", async (_what, claims, reason) => {
    expect(await verifier.verify(await issuer.token(claims))).toEqual({ kind: "refused", reason })
  })

  it("is taken some seconds after its end, as clocks differ", async () => {
    expect(await verifier.verify(await issuer.token({ sub: "alice", exp: inSeconds(-20) }))).toMatchObject({
      kind: "accepted",
    })
  })

  it("that nobody signed, or that somebody signed who knows no more than what is published, is refused", async () => {
    const claims = { sub: "alice", iss: issuer.issuer, aud: AUDIENCE, exp: inSeconds(60) }
    const published = await (await fetch(issuer.settings.jwksUrl)).text()
    const secret = new TextEncoder().encode(published)
    const [header, , signature] = (await good()).split(".")
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: "root" })).toString("base64url")
    for (const token of [
      new UnsecuredJWT(claims).encode().replace(/\.$/, ".AA"),
      await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(secret),
      `${header}.${changed}.${signature}`,
      "a.b.c",
    ]) {
      expect(await verifier.verify(token), token).toMatchObject({ kind: "refused" })
    }
  })

  it("by a key that the issuer has no more, or never had, is refused", async () => {
    const old = await good()
    await verifier.verify(old)
    expect(await verifier.verify(await issuer.token({ sub: "alice", exp: inSeconds(60) }, { kid: "k9" }))).toEqual({
      kind: "refused",
      reason: "its issuer has no such key",
    })
  })
})

describe("the issuer's keys", () => {
  it("are asked for once, however many tokens come", async () => {
    const token = await good()
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)))
    await verifier.verify(await issuer.token({ sub: "alice", exp: inSeconds(60) }, { kid: "unknown" }))
    expect(issuer.asked()).toBe(1)
  })

  it("that cannot be had leave the question open, and are not asked for by each token", async () => {
    issuer.behave("fail")
    const token = await good()
    for (let index = 0; index < 5; index++) {
      const outcome = await verifier.verify(token)
      expect(outcome).toMatchObject({ kind: "unreachable", detail: expect.stringContaining("answers 503") })
    }
    expect(issuer.asked()).toBe(1)
    issuer.behave("answer")
    now += 1_000
    expect(await verifier.verify(token)).toMatchObject({ kind: "accepted" })
  })
})
