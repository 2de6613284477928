/** Whether callers have to show who they are. Pure. */

/** `auto`: as the address and what is stored suggest. */
export type Auth = "auto" | "off" | "required"

export interface AuthFacts {
  readonly auth: Auth
  readonly host: string
  /** Whether API keys are stored: somebody locked this log before. */
  readonly hasKeys: boolean
  readonly tls: boolean
}

export interface AuthWarning {
  readonly event: string
  /** A sentence for the operator. */
  readonly detail: string
}

export type AuthDecision =
  | { readonly kind: "required"; readonly warning?: AuthWarning }
  | { readonly kind: "off"; readonly warning?: AuthWarning }
  /** A sentence for whoever starts it. */
  | { readonly kind: "refused"; readonly detail: string }

const CHOICE =
  "Say --auth required (STRATALOG_AUTH), so that callers need an API key, or --auth off, so that they may do everything."

export function decideAuth({ auth, host, hasKeys, tls }: AuthFacts): AuthDecision {
  const local = isLoopback(host)
  if (auth === "required") return { kind: "required", ...(!local && !tls && { warning: inTheClear(host) }) }
  if (auth === "off") return { kind: "off", ...((!local || hasKeys) && { warning: open(host, hasKeys) }) }
  if (!local) return { kind: "refused", detail: `${host} can be reached from other machines. ${CHOICE}` }
  if (hasKeys) return { kind: "refused", detail: `This log has API keys, and callers would not need one. ${CHOICE}` }
  return { kind: "off" }
}

/** Names other than `localhost` may lead anywhere. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}

function open(host: string, hasKeys: boolean): AuthWarning {
  const keys = hasKeys ? " There are API keys and access control lists, and none of them is looked at." : ""
  return {
    event: "access_not_controlled",
    detail: `Whoever reaches ${host} may read, write and delete everything: nobody is asked for a key (--auth off).${keys}`,
  }
}

function inTheClear(host: string): AuthWarning {
  return {
    event: "keys_in_the_clear",
    detail: `Keys and records go to and from ${host} unencrypted: serve HTTPS (--tls-cert, --tls-key), or put something in front that does.`,
  }
}
