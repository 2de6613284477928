/** POST /v1/groups/{group}/offsets */
import { routes } from "stratalog/protocol"
import { type CommitOffsetsDeps, commitOffsets } from "../../groups/commit/commit-offsets.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { committedJson } from "./committed-json.ts"
import { refusedCommits } from "./problems.ts"

export function commitOffsetsEndpoint(deps: CommitOffsetsDeps) {
  return endpoint(routes.commitOffsets, async ({ params, body }) => {
    const requests = body.value.offsets.map(({ metadata = "", ...at }) => ({ ...at, metadata }))
    const outcome = await commitOffsets(deps, params.group, requests)
    switch (outcome.kind) {
      case "committed":
        return json(200, committedJson(outcome.offsets))
      case "refused":
        return problemResponse(refusedCommits(outcome.refusals, "offsets"))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
