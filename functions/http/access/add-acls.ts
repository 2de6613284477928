/** POST /v1/acls */
import { accessRoutes, problem } from "stratalog/protocol"
import { addAcls } from "../../access/add-acls/add-acls.ts"
import { MAX_BINDINGS } from "../../access/ports.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { aclJson, bindingOf } from "./acl-json.ts"
import { type AccessDependencies, controlledEndpoint } from "./controlled.ts"
import { accessRules } from "./rules.ts"

export function addAclsEndpoint(deps: AccessDependencies) {
  return controlledEndpoint(accessRoutes.addAcls, accessRules.addAcls, deps, async ({ body }, { access }) => {
    const outcome = await addAcls(access.store, body.value.acls.map(bindingOf))
    switch (outcome.kind) {
      case "added":
        return json(200, { acls: outcome.bindings.map(aclJson) })
      case "full": {
        const detail = `There would be more than ${MAX_BINDINGS} access control lists: nothing was added.`
        return problemResponse(problem("acls_full", detail, { maxAcls: MAX_BINDINGS }))
      }
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
