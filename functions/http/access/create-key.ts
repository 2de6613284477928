/** POST /v1/keys */
import { accessRoutes, type CreatedKey, type CreateKeyBody } from "stratalog/protocol"
import { createKey, type NewKey } from "../../access/create-key/create-key.ts"
import { isSuperKey } from "../../access/super-keys.ts"
import { invalid, json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { type AccessDependencies, controlledEndpoint } from "./controlled.ts"
import { keyJson } from "./key-json.ts"
import { accessRules } from "./rules.ts"
import { superUsersOnly } from "./super-users-only.ts"

export function createKeyEndpoint(deps: AccessDependencies) {
  return controlledEndpoint(
    accessRoutes.createKey,
    accessRules.createKey,
    deps,
    async ({ body }, controlled, caller) => {
      const { access, clock } = controlled
      const { principal, superUser = false, description = "" } = body.value
      const isSuper = isSuperKey({ principal, superUser }, access.superUsers)
      if (isSuper && !caller.superUser) throw superUsersOnly(caller, `make a key of the super-user ${principal}`)
      const wanted = { principal, superUser, description, ...expiryOf(body.value) }
      const outcome = await createKey({ keys: access.store, secrets: access.secrets, clock }, wanted)
      switch (outcome.kind) {
        case "created": {
          const created: CreatedKey = { key: outcome.key, ...keyJson(outcome.stored) }
          return { ...json(201, created, { "cache-control": "no-store" }), audited: { key: created.id } }
        }
        case "expires_before_now":
          throw invalid([{ path: "expiresAt", message: `must be in the future: it is ${outcome.now} now` }])
        case "unavailable":
          return problemResponse(unavailable(outcome))
      }
    },
  )
}

function expiryOf({ expiresIn, expiresAt }: CreateKeyBody): Pick<NewKey, "expires"> {
  if (expiresAt !== undefined) return { expires: { at: expiresAt } }
  return expiresIn === undefined ? {} : { expires: { in: expiresIn } }
}
