/** DELETE /v1/groups/{group}/members/{member} */
import { consumeRoutes } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { leaveGroup } from "../../groups/leave/leave-group.ts"
import { consumeRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { noContent, problemResponse } from "../exchange.ts"
import { memberRefused } from "./problems.ts"

export function leaveGroupEndpoint(deps: GroupDependencies) {
  return endpoint(consumeRoutes.leaveGroup, consumeRules.leaveGroup, async ({ params }) => {
    const outcome = await leaveGroup(deps, params.group, params.member)
    return outcome.kind === "left" ? noContent : problemResponse(memberRefused(params, outcome))
  })
}
