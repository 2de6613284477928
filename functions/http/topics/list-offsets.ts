/** GET /v1/topics/{topic}/offsets */
import { fetchRoutes } from "stratalog/protocol"
import type { FetchDependencies } from "../../log/dependencies.ts"
import { listOffsets, type OffsetQuery } from "../../log/offsets/list-offsets.ts"
import { fetchRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { corrupt, notLocated, unavailable } from "../problems.ts"

export function listOffsetsEndpoint(deps: FetchDependencies) {
  return endpoint(fetchRoutes.topicOffsets, fetchRules.topicOffsets, async ({ params, query }) => {
    const asked = { topic: params.topic, partition: query.partition, query: offsetQuery(query.timestamp) }
    const outcome = await listOffsets(deps, asked)
    switch (outcome.kind) {
      case "offsets":
        return json(200, { offsets: outcome.offsets.map(({ fencingToken: _token, ...offsets }) => offsets) })
      case "corrupt":
        return problemResponse(corrupt(outcome))
      case "unavailable":
        return problemResponse(unavailable(outcome))
      default:
        return problemResponse(notLocated(outcome))
    }
  })
}

function offsetQuery(timestamp: number | "earliest" | "latest" | undefined): OffsetQuery {
  return typeof timestamp === "number" ? { timestamp } : timestamp
}
