/** How the command shows a server who asks. */
import { scopeOfHost } from "../../aws/endpoint.ts"
import { signedFetch } from "../../aws/signed-fetch.ts"
import type { FetchFunction } from "../../client/transport.ts"
import { usageFailure } from "../failure.ts"
import type { Env } from "../io.ts"
import { isLoopback } from "../loopback.ts"
import { credentialsFor } from "./credentials.ts"

export type Authentication = "none" | "iam"

export const AUTH_HELP =
  "`iam`: sign requests with your AWS credentials, as deployments in AWS want it; `none`: don't (default); also STRATALOG_AUTH"

export function howToAuthenticate(option: string | undefined, env: Env): Authentication {
  const how = option ?? (env["STRATALOG_AUTH"] || "none")
  if (how === "none" || how === "iam") return how
  throw usageFailure(`"${how}" is no way to authenticate: iam or none.`)
}

/**
 * AWS's own host names tell the region, others are signed for AWS_REGION. A server on this machine is asked without a
 * signature unless a region is named, so that one command can speak with it and with AWS.
 */
export function fetchBy(how: Authentication, url: string, env: Env): FetchFunction {
  const plain: FetchFunction = (target, init) => fetch(target, init)
  if (how === "none") return plain
  const { hostname } = new URL(url)
  const region = scopeOfHost(hostname)?.region ?? (env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || undefined)
  if (region !== undefined) return signedFetch({ credentials: credentialsFor(env), region })
  if (isLoopback(hostname)) return plain
  throw usageFailure(`${hostname} does not tell the AWS region to sign requests for: set AWS_REGION.`)
}
