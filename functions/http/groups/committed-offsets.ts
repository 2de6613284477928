/** GET /v1/groups/{group}/offsets */
import { consumeRoutes } from "stratalog/protocol"
import { fetchOffsets } from "../../groups/offsets/fetch-offsets.ts"
import type { LiveOffsetsDeps } from "../../groups/offsets/live-offsets.ts"
import { consumeRules } from "../access/rules.ts"
import { topicsAllowed } from "../access/topics.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { committedJson } from "./committed-json.ts"
import { groupNotFound } from "./problems.ts"

export function committedOffsetsEndpoint(deps: LiveOffsetsDeps) {
  return endpoint(
    consumeRoutes.committedOffsets,
    consumeRules.committedOffsets,
    async ({ params, query }, _request, caller) => {
      const isShown = topicsAllowed(caller, "describe")
      const outcome = await fetchOffsets(deps, params.group, query)
      switch (outcome.kind) {
        case "offsets":
          return json(200, committedJson(outcome.offsets.filter(({ topic }) => isShown(topic))))
        case "group_not_found":
          return problemResponse(groupNotFound(outcome))
        case "unavailable":
          return problemResponse(unavailable(outcome))
      }
    },
  )
}
