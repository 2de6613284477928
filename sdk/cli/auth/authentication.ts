/** How the command shows a server who asks. */
import { scopeOfHost } from "../../aws/endpoint.ts"
import { signedFetch } from "../../aws/signed-fetch.ts"
import { bearer } from "../../client/api-key.ts"
import type { FetchFunction } from "../../client/transport.ts"
import { usageFailure } from "../failure.ts"
import type { Env } from "../io.ts"
import { isLoopback } from "../loopback.ts"
import { credentialsFor } from "./credentials.ts"
import type { Target } from "./decide-target.ts"

export const AUTH_HELP =
  "`iam`: sign requests with your AWS credentials, as deployments in AWS want it; `none`: don't (default); also STRATALOG_AUTH"
export const API_KEY_HELP =
  "the API key to show; in the list of processes everybody on this machine can read it, so better STRATALOG_API_KEY or a profile"
export const PROFILE_HELP =
  "the server and the key of this profile (`strata profile`), before what the environment says; also STRATALOG_PROFILE, after it"
export const INSECURE_HELP = "send the key to another machine over http://, too, where whoever listens can read it"

const plain: FetchFunction = (url, init) => fetch(url, init)

/** Sends a request so that the server can tell who asks. */
export function fetchFor({ url, identity }: Target, env: Env): FetchFunction {
  switch (identity.kind) {
    case "none":
      return plain
    case "key":
      return keyedFetch(identity.apiKey)
    case "iam":
      return fetchBySignature(url, identity.region, env)
  }
}

function keyedFetch(apiKey: string): FetchFunction {
  const authorization = bearer(apiKey)
  return (url, init) => {
    const headers = new Headers(init.headers)
    headers.set("authorization", authorization)
    return fetch(url, { redirect: "manual", ...init, headers })
  }
}

/**
 * AWS's own host names tell the region, others are signed for that of the profile or AWS_REGION. A server on this
 * machine is asked without a signature unless a region is named, so that one command can speak with it and with AWS.
 */
function fetchBySignature(url: string, named: string | undefined, env: Env): FetchFunction {
  const { hostname } = new URL(url)
  const region = scopeOfHost(hostname)?.region ?? named ?? (env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || undefined)
  if (region !== undefined) return signedFetch({ credentials: credentialsFor(env), region })
  if (isLoopback(hostname)) return plain
  throw usageFailure(`${hostname} does not tell the AWS region to sign requests for: set AWS_REGION.`)
}
