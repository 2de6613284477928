/** Who is let in, by what the deployment chose. */
import type { AuthenticateDeps } from "../access/authenticate.ts"
import { type Gate, openGate } from "../http/access/gate.ts"
import { keyGate } from "../http/access/key-gate.ts"
import { signedGate, unsigned } from "../http/access/signed-gate.ts"
import type { ApiRequest } from "../http/exchange.ts"
import { reportRefused } from "./report.ts"

export interface AccessChoice {
  /** `iam`: who signed. `key`: who sends a key. `both`: either. `none`: everybody. */
  readonly auth: "iam" | "key" | "both" | "none"
  /** What those who signed may do: everything, or what the lists allow. */
  readonly iamPrincipals: "super" | "acl"
  readonly superUsers: ReadonlySet<string>
}

/** What makes a gate of who signed each request, which the handler knows. */
export type GateOf = (signerOf: (request: ApiRequest) => string | undefined) => Gate

export const everybody: GateOf = () => openGate

export function gateOf(
  { auth, iamPrincipals: principals, superUsers }: AccessChoice,
  known: Omit<AuthenticateDeps, "superUsers">,
): GateOf {
  const keys = keyGate({ ...known, superUsers }, reportRefused)
  const signed = (otherwise: Gate): GateOf => {
    return (signerOf) => signedGate({ signerOf, principals, superUsers, bindings: known.bindings, otherwise })
  }
  switch (auth) {
    case "iam":
      return signed(unsigned)
    case "both":
      return signed(keys)
    case "key":
      return () => keys
    case "none":
      return everybody
  }
}
