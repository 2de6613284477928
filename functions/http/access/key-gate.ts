/** Lets in whoever sends an API key that is known, or a token that is taken. */
import { type AuthenticateDeps, type Authentication, authenticate } from "../../access/authenticate.ts"
import { StorageUnavailable } from "../../log/ports.ts"
import { Refusal } from "../exchange.ts"
import type { Gate } from "./gate.ts"

/** For the log: what the caller is not told, or what the operator has to know. */
export type RefusedCaller = { readonly requestId: string } & (
  | {
      readonly event: "key_refused"
      /** Its id. */
      readonly key: string
      readonly reason: Extract<Authentication, { kind: "refused" }>["reason"]
    }
  /** `reason`: behind "because". */
  | { readonly event: "token_refused"; readonly reason: string }
  | { readonly event: "issuer_unreachable"; readonly detail: string }
)

/** `refused` hears why a key or a token was not taken; not of requests that have neither, which any scanner sends. */
export function keyGate(deps: AuthenticateDeps, refused: (caller: RefusedCaller) => void): Gate {
  return async (request) => {
    const { requestId } = request
    const outcome = await authenticate(deps, request.header("authorization"))
    switch (outcome.kind) {
      case "caller":
        return outcome.caller
      case "no_key":
        throw unauthenticated(request.header("authorization") === undefined ? NOTHING_SHOWN : NOTHING_TAKEN)
      case "refused": {
        const { id, reason } = outcome
        refused({ event: "key_refused", key: id, reason, requestId })
        throw unauthenticated(`The API key ${id} is unknown, revoked or expired, or its secret is another one.`)
      }
      case "token_refused":
        refused({ event: "token_refused", reason: outcome.reason, requestId })
        throw unauthenticated(`The token is not taken, because ${outcome.reason}.`)
      case "issuer_unreachable":
        refused({ event: "issuer_unreachable", detail: outcome.detail, requestId })
        throw new StorageUnavailable({ ...NOBODY_CAN_TELL, detail: outcome.detail })
      case "unavailable":
        throw new StorageUnavailable(outcome)
    }
  }
}

const NOBODY_CAN_TELL = { kind: "unavailable", reason: "storage_failed", sideEffects: "none" } as const

const NOTHING_SHOWN = "The request carries no API key: send the header Authorization: Bearer with one."

/** What it has instead is not repeated: it may be most of a key. */
const NOTHING_TAKEN =
  "The header Authorization has no key of the form stk_..., and no token that is taken here: send Bearer and a whole key, as it was shown when it was made."

export function unauthenticated(detail: string): Refusal {
  return new Refusal("unauthenticated", detail, {}, { "www-authenticate": 'Bearer realm="stratalog"' })
}
