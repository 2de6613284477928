/** Whether callers have to show who they are. Pure. */

/** `auto`: as the address and what is stored suggest. */
export type Auth = "auto" | "off" | "required"

export interface AuthFacts {
  readonly auth: Auth
  readonly host: string
  /** Whether API keys are stored: somebody locked this log before. */
  readonly hasKeys: boolean
  readonly tls: boolean
  /** Settings that were given and mean nothing where nobody is asked, as they are written: `--super-users`. */
  readonly unused: readonly string[]
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

export function decideAuth({ auth, host, hasKeys, tls, unused }: AuthFacts): AuthDecision {
  const local = isLoopback(host)
  if (auth === "required") return { kind: "required", ...(!local && !tls && { warning: inTheClear(host) }) }
  if (auth === "off") {
    const isRisky = !local || hasKeys || unused.length > 0
    return { kind: "off", ...(isRisky && { warning: open(host, hasKeys, unused) }) }
  }
  if (!local) return { kind: "refused", detail: `${host} can be reached from other machines. ${CHOICE}` }
  if (hasKeys) return { kind: "refused", detail: `This log has API keys, and callers would not need one. ${CHOICE}` }
  if (unused.length > 0) return { kind: "refused", detail: `${meaningless(unused)} ${CHOICE}` }
  return { kind: "off" }
}

function meaningless(unused: readonly string[]): string {
  const [verb, them] = unused.length === 1 ? ["was", "it means"] : ["were", "they mean"]
  return `${unused.join(" and ")} ${verb} given: ${them} something only where callers are asked who they are.`
}

/** Names other than `localhost` may lead anywhere. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}

function open(host: string, hasKeys: boolean, unused: readonly string[]): AuthWarning {
  const keys = hasKeys ? " There are API keys and access control lists, and none of them is looked at." : ""
  const settings = unused.length > 0 ? ` ${meaningless(unused)}` : ""
  return {
    event: "access_not_controlled",
    detail: `Whoever reaches ${host} may read, write and delete everything: nobody is asked for a key (--auth off).${keys}${settings}`,
  }
}

function inTheClear(host: string): AuthWarning {
  return {
    event: "keys_in_the_clear",
    detail: `Keys and records go to and from ${host} unencrypted: serve HTTPS (--tls-cert, --tls-key), or put something in front that does.`,
  }
}
