/** Where an issuer's keys are. Pure. */
import { isLoopback } from "./decide-auth.ts"

/** Undefined where the issuer is no address, and none was given. */
export function jwksUrl(issuer: string, given: string): URL | undefined {
  const text = given === "" ? `${issuer.replace(/\/+$/, "")}/.well-known/jwks.json` : given
  return isTrustworthy(text) ? new URL(text) : undefined
}

/** Nobody can change on the way what comes from there. */
export function isTrustworthy(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname))
}
