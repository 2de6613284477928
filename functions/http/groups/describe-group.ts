/** GET /v1/groups/{group} */
import { routes } from "stratalog/protocol"
import { describeGroup } from "../../groups/describe/describe-group.ts"
import type { LiveOffsetsDeps } from "../../groups/offsets/live-offsets.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { groupNotFound } from "./problems.ts"

export function describeGroupEndpoint(deps: LiveOffsetsDeps) {
  return endpoint(routes.describeGroup, async ({ params }) => {
    const outcome = await describeGroup(deps, params.group)
    switch (outcome.kind) {
      case "group": {
        const { group, state, topics } = outcome
        return json(200, { group, state, topics })
      }
      case "group_not_found":
        return problemResponse(groupNotFound(outcome))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
