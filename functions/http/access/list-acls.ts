/** GET /v1/acls */
import { accessRoutes } from "stratalog/protocol"
import { listAcls } from "../../access/list-acls/list-acls.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { aclJson, filterOf } from "./acl-json.ts"
import { type AccessDependencies, controlledEndpoint } from "./controlled.ts"
import { accessRules } from "./rules.ts"

export function listAclsEndpoint(deps: AccessDependencies) {
  return controlledEndpoint(accessRoutes.listAcls, accessRules.listAcls, deps, async ({ query }, { access }) => {
    const outcome = await listAcls(access.store, filterOf(query))
    if (outcome.kind === "unavailable") return problemResponse(unavailable(outcome))
    return json(200, { acls: outcome.bindings.map(aclJson) })
  })
}
