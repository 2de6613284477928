/** DELETE /v1/keys/{key} */
import { accessRoutes, problem } from "stratalog/protocol"
import { revokeKey } from "../../access/revoke-key/revoke-key.ts"
import { noContent, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { type AccessDependencies, controlledEndpoint } from "./controlled.ts"
import { accessRules } from "./rules.ts"
import { superUsersOnly } from "./super-users-only.ts"

export function revokeKeyEndpoint(deps: AccessDependencies) {
  return controlledEndpoint(
    accessRoutes.revokeKey,
    accessRules.revokeKey,
    deps,
    async ({ params }, controlled, caller) => {
      const { access, clock } = controlled
      const id = params.key
      const outcome = await revokeKey({ ...access, clock }, id, caller)
      switch (outcome.kind) {
        case "removed":
          return noContent
        case "not_found":
          return problemResponse(
            problem("key_not_found", `There is no key ${id}: GET /v1/keys lists all.`, { key: id }),
          )
        case "own_key":
          return problemResponse(problem("key_not_found", ownKey(id), { key: id }))
        case "last_super_key":
          return problemResponse(problem("last_super_key", lastSuperKey(id), { key: id }))
        case "not_yours":
          throw superUsersOnly(caller, `revoke a key of the super-user ${outcome.principal}`)
        case "unavailable":
          return problemResponse(unavailable(outcome))
      }
    },
  )
}

function lastSuperKey(id: string): string {
  return `${id} is the last key of a super-user: without it nobody could manage access. Keys that expire do not count beside one that does not. Create another one first (POST /v1/keys with superUser, and no expiry), then revoke this one.`
}

function ownKey(id: string): string {
  return `${id} is the key that the server was started with (STRATALOG_SUPER_KEY): start it without that, or with another one.`
}
