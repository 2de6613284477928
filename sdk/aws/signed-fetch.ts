/** A `fetch` that signs each request (AWS Signature Version 4), for deployments that let in who signs. */
import { AwsV4Signer } from "aws4fetch"
import { credentialsUnavailable, invalidArgument, messageOf, StratalogError } from "../client/errors.ts"
import type { FetchFunction } from "../client/transport.ts"
import { type SigningScope, scopeOfHost } from "./endpoint.ts"

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface SignedFetchOptions {
  /** Or a function that is asked before each request; the AWS SDK's providers remember what they found until it expires. */
  readonly credentials: AwsCredentials | (() => AwsCredentials | Promise<AwsCredentials>)
  /** Default: the URL's. A domain of your own has none, so it must be said. */
  readonly region?: string | undefined
  /** Default: the URL's; `execute-api` (API Gateway) for a domain of your own. */
  readonly service?: SigningScope["service"] | undefined
  /** Sends what is signed. Default: the platform's. */
  readonly fetch?: FetchFunction | undefined
  /** Epoch milliseconds. AWS refuses signatures that are five minutes off. Default: the platform's clock. */
  readonly now?: (() => number) | undefined
}

/**
 * For `new Stratalog({ url, fetch: signedFetch({ credentials }) })`. Every attempt gets a signature of its own. Rejects
 * with a StratalogError, before anything is sent, where there are no credentials, no region, a body that is a stream, or an Authorization
 * header.
 * Redirects are not followed unless `init` says so.
 */
export function signedFetch(options: SignedFetchOptions): FetchFunction {
  const { credentials, now = Date.now } = options
  const send = options.fetch ?? ((url, init) => fetch(url, init))
  let keys = { of: "", derived: new Map<string, ArrayBuffer>() }
  return async (url, init) => {
    const given = new Headers(init.headers)
    refuseAuthorization(given)
    const body = signable(init.body)
    const scope = scopeOf(url, options)
    const found = typeof credentials === "function" ? await ask(credentials) : credentials
    if (keys.of !== found.secretAccessKey) keys = { of: found.secretAccessKey, derived: new Map() }
    const signer = new AwsV4Signer({
      url,
      method: init.method ?? "GET",
      headers: given,
      ...(body !== undefined && { body }),
      accessKeyId: found.accessKeyId,
      secretAccessKey: found.secretAccessKey,
      ...(found.sessionToken !== undefined && { sessionToken: found.sessionToken }),
      ...scope,
      cache: keys.derived,
      datetime: new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    })
    const { headers } = await signer.sign()
    // A signature is good for this host alone, and the session's token is nobody else's to see.
    return send(url, { redirect: "manual", ...init, headers })
  }
}

function refuseAuthorization(headers: Headers): void {
  if (!headers.has("authorization")) return
  throw invalidArgument(
    "A request is signed for AWS or carries an API key, not both, as there is one Authorization header: leave out `signedFetch` or `apiKey`.",
  )
}

function scopeOf(url: string, { region, service }: SignedFetchOptions): SigningScope {
  const told = scopeOfHost(new URL(url).hostname)
  const where = region ?? told?.region
  if (where === undefined) throw invalidArgument(`${new URL(url).host} does not tell its AWS region: say which.`)
  return { service: service ?? told?.service ?? "execute-api", region: where }
}

/** A signature holds the body's hash, so all of it has to be there. */
function signable(body: RequestInit["body"]): string | Uint8Array<ArrayBuffer> | ArrayBuffer | undefined {
  if (body === null || body === undefined) return undefined
  if (typeof body === "string" || body instanceof ArrayBuffer) return body
  if (body instanceof Uint8Array && body.buffer instanceof ArrayBuffer)
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  throw invalidArgument("Only text and bytes can be signed as a body, no stream or form.")
}

async function ask(provider: () => AwsCredentials | Promise<AwsCredentials>): Promise<AwsCredentials> {
  try {
    return await provider()
  } catch (cause) {
    if (cause instanceof StratalogError) throw cause
    throw credentialsUnavailable("there are no AWS credentials to sign it with", messageOf(cause), cause)
  }
}
