/** Tokens of an identity provider (JWT, RFC 7519), by the keys that it publishes (JWKS, RFC 7517). */
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from "jose"
import { isPrincipal } from "stratalog/protocol"
import type { TokenOutcome, TokenVerifier } from "../access/tokens.ts"

export interface TokenOptions {
  /** As tokens name it: `https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc`. */
  readonly issuer: string
  /** Whom they must be for. */
  readonly audience: string
  /** Where the issuer's keys are. */
  readonly jwksUrl: URL
  /** The claim that names the caller, such as `sub`. */
  readonly principalClaim: string
  readonly clock: { readonly now: () => number }
}

/** Signed by whoever has the private key: with a shared secret, or with none, anybody could who may only look. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

/** Clocks of issuer and server may differ by so much, seconds. */
const CLOCK_TOLERANCE = 30

/** After a look that failed the next one waits so long, milliseconds: tokens that anybody may send must not become a flood there. */
const REST_AFTER_FAILURE_MS = 1_000

export function tokenVerifier({ issuer, audience, jwksUrl, principalClaim, clock }: TokenOptions): TokenVerifier {
  const keys = createRemoteJWKSet(jwksUrl, { [customFetch]: restingAfterFailure(clock) })
  const verify = async (token: string): Promise<TokenOutcome> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: new Date(clock.now()),
        requiredClaims: ["exp"],
      })
      return accepted(payload, principalClaim)
    } catch (error) {
      return refusal(error)
    }
  }
  return { verify }
}

function accepted(payload: JWTPayload, claim: string): TokenOutcome {
  const name = payload[claim]
  if (typeof name !== "string" || name === "") return { kind: "refused", reason: `it has no claim ${claim}` }
  const principal = `User:${name}`
  if (!isPrincipal(principal))
    return { kind: "refused", reason: `its claim ${claim} is no name that a principal may have` }
  return { kind: "accepted", principal, expiresAt: (payload.exp ?? 0) * 1000 }
}

/** The reasons name nothing but what the sender can read in the token. */
function refusal(error: unknown): TokenOutcome {
  if (error instanceof errors.JWTExpired) return { kind: "refused", reason: "it is expired" }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return { kind: "refused", reason: `its claim ${error.claim} is missing or another one` }
  }
  if (error instanceof errors.JWKSNoMatchingKey) return { kind: "refused", reason: "its issuer has no such key" }
  const isRefused = REFUSED.some((kind) => error instanceof kind)
  if (isRefused) return { kind: "refused", reason: "it is no token that the issuer signed" }
  const said = error instanceof Error ? error.message : String(error)
  return { kind: "unreachable", detail: `The keys of the tokens' issuer cannot be had: ${said}` }
}

const REFUSED = [
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
]

type Ask = NonNullable<NonNullable<Parameters<typeof createRemoteJWKSet>[1]>[typeof customFetch]>

function restingAfterFailure(clock: TokenOptions["clock"]): Ask {
  let failure: { readonly at: number; readonly error: unknown } | undefined
  return async (url, options) => {
    const since = failure === undefined ? Number.POSITIVE_INFINITY : Math.abs(clock.now() - failure.at)
    if (failure !== undefined && since < REST_AFTER_FAILURE_MS) throw failure.error
    try {
      const response = await fetch(url, options)
      if (response.status !== 200) throw new Error(`${url} answers ${response.status}`)
      failure = undefined
      return response
    } catch (error) {
      failure = { at: clock.now(), error }
      throw error
    }
  }
}
