/** Lets in whoever sends an API key that is known, or a token that is taken. */
import { type AuthenticateDeps, type Authentication, authenticate } from "../../access/authenticate.ts"
import { StorageUnavailable } from "../../log/ports.ts"
import { Refusal } from "../exchange.ts"
import type { Gate } from "./gate.ts"

export interface RefusedKey extends Pick<Extract<Authentication, { kind: "refused" }>, "id" | "reason"> {
  readonly requestId: string
}

/** `refused` hears of what the caller is not told: why a key was not taken. */
export function keyGate(deps: AuthenticateDeps, refused: (key: RefusedKey) => void): Gate {
  return async (request) => {
    const outcome = await authenticate(deps, request.header("authorization"))
    switch (outcome.kind) {
      case "caller":
        return outcome.caller
      case "no_key":
        throw unauthenticated(request.header("authorization") === undefined ? NOTHING_SHOWN : NOTHING_TAKEN)
      case "refused": {
        const { id, reason } = outcome
        refused({ id, reason, requestId: request.requestId })
        throw unauthenticated(`The API key ${id} is unknown, revoked or expired, or its secret is another one.`)
      }
      case "token_refused":
        throw unauthenticated(`The token is not taken, because ${outcome.reason}.`)
      case "unavailable":
        throw new StorageUnavailable(outcome)
    }
  }
}

const NOTHING_SHOWN = "The request carries no API key: send the header Authorization: Bearer with one."

/** What it has instead is not repeated: it may be most of a key. */
const NOTHING_TAKEN =
  "The header Authorization has no key of the form stk_..., and no token that is taken here: send Bearer and a whole key, as it was shown when it was made."

export function unauthenticated(detail: string): Refusal {
  return new Refusal("unauthenticated", detail, {}, { "www-authenticate": 'Bearer realm="stratalog"' })
}
