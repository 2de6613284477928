/** An identity provider on loopback: signs tokens, publishes its keys, takes new ones, and is away when told to. */
import { createServer } from "node:http"
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose"
import { listenOnLoopback } from "../aws/loopback-server.ts"

export interface TokenIssuer {
  readonly issuer: string
  /** As a server is told of it. */
  readonly settings: { readonly issuer: string; readonly audience: string; readonly jwksUrl: URL }
  /** How often it was asked for its keys. */
  readonly asked: () => number
  /** Signed by the present key. */
  token(claims: JWTPayload, header?: { readonly kid?: string }): Promise<string>
  /** From now on another key signs, and it alone is published. */
  takeNewKey(): Promise<void>
  behave(how: "answer" | "fail"): void
  stop(): Promise<void>
}

export const AUDIENCE = "stratalog"
const JWKS_PATH = "/.well-known/jwks.json"

interface SigningKey {
  readonly id: string
  readonly privateKey: CryptoKey
  readonly published: JWK
}

async function makeKey(id: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("ES256")
  return { id, privateKey, published: { ...(await exportJWK(publicKey)), kid: id, alg: "ES256", use: "sig" } }
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  let key = await makeKey("k1")
  let how: "answer" | "fail" = "answer"
  let asked = 0
  const server = await listenOnLoopback(
    createServer((request, response) => {
      asked++
      if (how === "fail" || request.url !== JWKS_PATH) response.writeHead(503).end()
      else response.end(JSON.stringify({ keys: [key.published] }))
    }),
  )
  return {
    issuer: server.endpoint,
    settings: { issuer: server.endpoint, audience: AUDIENCE, jwksUrl: new URL(`${server.endpoint}${JWKS_PATH}`) },
    asked: () => asked,
    token: (claims, { kid = key.id } = {}) =>
      new SignJWT({ iss: server.endpoint, aud: AUDIENCE, ...claims })
        .setProtectedHeader({ alg: "ES256", kid })
        .sign(key.privateKey),
    takeNewKey: async () => {
      key = await makeKey(`k${Number(key.id.slice(1)) + 1}`)
    },
    behave: (next) => {
      how = next
    },
    stop: server.stop,
  }
}
