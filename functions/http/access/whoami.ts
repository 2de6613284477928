/** GET /v1/whoami */
import { accessRoutes, type Whoami } from "stratalog/protocol"
import type { Caller } from "../../access/caller.ts"
import { endpoint } from "../endpoint.ts"
import { json } from "../exchange.ts"
import { accessRules } from "./rules.ts"

export function whoamiEndpoint() {
  return endpoint(accessRoutes.whoami, accessRules.whoami, (_input, _request, caller) => {
    return json(200, whoamiJson(caller), { "cache-control": "no-store" })
  })
}

function whoamiJson({ name, superUser, proof }: Caller): Whoami {
  const key = proof.kind === "key" ? { id: proof.id, expiresAt: proof.expiresAt ?? null } : null
  return { principal: name, superUser, access: proof.kind, key }
}
