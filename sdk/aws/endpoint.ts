/** What a signature is valid for, by the host names that AWS gives. Pure. */

export interface SigningScope {
  /** `execute-api`: API Gateway. `lambda`: a function URL. */
  readonly service: "execute-api" | "lambda"
  readonly region: string
}

/** Undefined for a host name that is not AWS's own, such as a custom domain: it does not tell. */
export function scopeOfHost(hostname: string): SigningScope | undefined {
  const [, , service, region] =
    /^([a-z0-9-]+)\.(execute-api|lambda-url)\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)$/.exec(
      hostname,
    ) ?? []
  if (service === undefined || region === undefined) return undefined
  return { service: service === "lambda-url" ? "lambda" : "execute-api", region }
}
