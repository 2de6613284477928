/** PUT /v1/topics/{topic}/partitions/{partition}/fence */
import { topicRoutes } from "stratalog/protocol"
import type { ControlDependencies } from "../../log/dependencies.ts"
import { setFence } from "../../log/fence/set-fence.ts"
import { topicRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { fenceProblem, notLocated, unavailable } from "../problems.ts"

export function setFenceEndpoint(deps: ControlDependencies) {
  return endpoint(topicRoutes.setFence, topicRules.setFence, async ({ params, body }) => {
    const { token, expected } = body.value
    const outcome = await setFence(deps, { ...params, expected: expected ?? undefined, token: token ?? undefined })
    switch (outcome.kind) {
      case "set":
        return json(200, { partition: params.partition, fencingToken: token })
      case "fence_failed":
        return problemResponse(fenceProblem(outcome.fencingToken))
      case "unavailable":
        return problemResponse(unavailable(outcome))
      default:
        return problemResponse(notLocated(outcome))
    }
  })
}
