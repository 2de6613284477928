/** DELETE /v1/groups/{group} */
import { groupRoutes } from "stratalog/protocol"
import { type DeleteGroupDeps, deleteGroup } from "../../groups/delete/delete-group.ts"
import { groupRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { noContent, problemResponse } from "../exchange.ts"
import { groupNotFound, groupRefused } from "./problems.ts"

export function deleteGroupEndpoint(deps: DeleteGroupDeps) {
  return endpoint(groupRoutes.deleteGroup, groupRules.deleteGroup, async ({ params }) => {
    const outcome = await deleteGroup(deps, params.group)
    switch (outcome.kind) {
      case "deleted":
        return noContent
      case "group_not_found":
        return problemResponse(groupNotFound(outcome))
      case "group_not_empty":
      case "contended":
      case "unavailable":
        return problemResponse(groupRefused(params, outcome))
    }
  })
}
