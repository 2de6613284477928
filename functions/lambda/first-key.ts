/**
 * The first API key, for whoever may invoke the function itself: that is IAM's to decide, and no request through a front door
 * looks like this.
 */
import { isPrincipal } from "stratalog/protocol"
import { FIRST_KEY_ID, type FirstKeyDeps, type FirstKeyRequest, makeFirstKey } from "../access/first-key.ts"
import type { KeyStore } from "../access/ports.ts"
import { clock } from "../compose/process-parts.ts"
import { secrets } from "./access-control.ts"
import type { GatewayAnswer, GatewayEvent, InvocationContext } from "./events.ts"
import type { AccessChoice } from "./gates.ts"
import type { GatewayHandler } from "./gateway-handler.ts"
import { reportFirstKey } from "./report.ts"

/** `{"firstKey":{}}`, with what else `FirstKeyRequest` has. */
export interface FirstKeyEvent {
  readonly firstKey: unknown
}

/** What whoever invoked it reads. */
export type FirstKeyAnswer =
  | { readonly key: string; readonly principal: string; readonly note: string }
  | { readonly error: string }

export type FirstKeyMaker = (request: FirstKeyRequest) => ReturnType<typeof makeFirstKey>

/** Undefined where no caller sends keys. */
export function firstKeyMaker({ auth }: AccessChoice, keys: KeyStore): FirstKeyMaker | undefined {
  if (auth !== "key" && auth !== "both") return undefined
  const deps: FirstKeyDeps = { keys, ...secrets, clock }
  return (request) => makeFirstKey(deps, request)
}

/** A handler that makes the key where the event asks for one, and leaves everything else to `gateway`. */
export function answerFirstKey(gateway: GatewayHandler, make: FirstKeyMaker | undefined) {
  return (event: GatewayEvent | FirstKeyEvent, context: InvocationContext): Promise<GatewayAnswer | FirstKeyAnswer> =>
    isFirstKey(event) ? answer(event, make) : gateway(event, context)
}

/** Events of front doors have other names at the top, whatever was sent. */
function isFirstKey(event: GatewayEvent | FirstKeyEvent): event is FirstKeyEvent {
  return "firstKey" in event && !("requestContext" in event)
}

async function answer({ firstKey }: FirstKeyEvent, make: FirstKeyMaker | undefined): Promise<FirstKeyAnswer> {
  if (make === undefined) return { error: "No caller sends keys here: deploy with auth=key or auth=both first." }
  const request = requestOf(firstKey)
  if (request === undefined) return { error: USAGE }
  const outcome = await make(request)
  switch (outcome.kind) {
    case "created": {
      const { key, principal } = outcome
      reportFirstKey({ key: FIRST_KEY_ID, principal, replaced: request.replace === true })
      return { key, principal, note: "It is shown this once. It may do everything: make other keys with it." }
    }
    case "exists":
      return { error: EXISTS }
    case "unavailable":
      return { error: `${outcome.detail} Whether there is a key now is ${KNOWN[outcome.sideEffects]}; try again.` }
  }
}

const KNOWN = { none: "known: nothing changed", unknown: "not known" }

const EXISTS = `The first key was made already, and is shown once. If it is lost, send {"firstKey":{"replace":true}}: that makes another one, and the one before is taken no more.`

const USAGE = `Send {"firstKey":{}}, with "principal":"User:name" for another name than User:admin, or "replace":true.`

/** Undefined for what is none. */
function requestOf(given: unknown): FirstKeyRequest | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined
  const { principal, replace, ...others } = { principal: undefined, replace: undefined, ...given }
  if (Object.keys(others).length > 0) return undefined
  if (principal !== undefined && !isUser(principal)) return undefined
  if (replace !== undefined && typeof replace !== "boolean") return undefined
  return { principal, replace }
}

function isUser(given: unknown): given is string {
  return typeof given === "string" && given.startsWith("User:") && isPrincipal(given)
}
