/** GET /v1/groups/{group}/lag */
import { consumeRoutes } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { groupLag } from "../../groups/lag/group-lag.ts"
import { consumeRules } from "../access/rules.ts"
import { topicsAllowed } from "../access/topics.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { groupNotFound } from "./problems.ts"

export function groupLagEndpoint(deps: GroupDependencies) {
  return endpoint(consumeRoutes.groupLag, consumeRules.groupLag, async ({ params }, _request, caller) => {
    const outcome = await groupLag(deps, params.group, topicsAllowed(caller, "describe"))
    switch (outcome.kind) {
      case "lag":
        return json(200, { partitions: outcome.partitions, totalLag: outcome.totalLag })
      case "group_not_found":
        return problemResponse(groupNotFound(outcome))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
