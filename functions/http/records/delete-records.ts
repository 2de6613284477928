/** DELETE /v1/topics/{topic}/partitions/{partition}/records */
import { topicRoutes } from "stratalog/protocol"
import { deleteRecords } from "../../log/delete-records/delete-records.ts"
import type { ControlDependencies } from "../../log/dependencies.ts"
import { topicRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { beyondEnd, notLocated, unavailable } from "../problems.ts"

export function deleteRecordsEndpoint(deps: ControlDependencies) {
  return endpoint(topicRoutes.deleteRecords, topicRules.deleteRecords, async ({ params, query }) => {
    const outcome = await deleteRecords(deps, { ...params, before: query.before })
    switch (outcome.kind) {
      case "moved":
        return json(200, { partition: params.partition, logStartOffset: outcome.logStartOffset })
      case "beyond_end":
        return problemResponse(beyondEnd(outcome.offset, outcome.watermarks))
      case "unavailable":
        return problemResponse(unavailable(outcome))
      default:
        return problemResponse(notLocated(outcome))
    }
  })
}
