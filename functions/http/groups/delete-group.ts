/** DELETE /v1/groups/{group} */
import { routes } from "stratalog/protocol"
import { deleteGroup } from "../../groups/delete/delete-group.ts"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { endpoint } from "../endpoint.ts"
import { noContent, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { groupContended, groupNotEmpty, groupNotFound } from "./problems.ts"

export function deleteGroupEndpoint(deps: GroupDependencies) {
  return endpoint(routes.deleteGroup, async ({ params }) => {
    const outcome = await deleteGroup(deps, params.group)
    switch (outcome.kind) {
      case "deleted":
        return noContent
      case "group_not_found":
        return problemResponse(groupNotFound(outcome))
      case "group_not_empty":
        return problemResponse(groupNotEmpty(params, outcome))
      case "contended":
        return problemResponse(groupContended(params))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
