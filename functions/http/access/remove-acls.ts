/** POST /v1/acls:remove */
import { accessRoutes } from "stratalog/protocol"
import { removeAcls } from "../../access/remove-acls/remove-acls.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { aclJson, bindingOf, filterOf } from "./acl-json.ts"
import { type AccessDependencies, controlledEndpoint } from "./controlled.ts"
import { accessRules } from "./rules.ts"

export function removeAclsEndpoint(deps: AccessDependencies) {
  return controlledEndpoint(accessRoutes.removeAcls, accessRules.removeAcls, deps, async ({ body }, { access }) => {
    const { acls, filter = {} } = body.value
    const outcome = await removeAcls(access.store, acls?.map(bindingOf) ?? filterOf(filter))
    if (outcome.kind === "unavailable") return problemResponse(unavailable(outcome))
    return json(200, { removed: outcome.bindings.map(aclJson) })
  })
}
