/** PATCH /v1/topics/{topic} */
import { topicRoutes } from "stratalog/protocol"
import { alterTopic } from "../../topics/alter/alter-topic.ts"
import { topicDescription } from "../../topics/describe/describe-topic.ts"
import { topicRules } from "../access/rules.ts"
import type { AdminDependencies } from "../dependencies.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { notLocated, unavailable } from "../problems.ts"
import { concurrentChange, fewerPartitions, requireAllowed } from "./problems.ts"
import { topicJson } from "./topic-json.ts"

export function alterTopicEndpoint(deps: AdminDependencies) {
  return endpoint(topicRoutes.alterTopic, topicRules.alterTopic, async ({ params, body }) => {
    requireAllowed(deps.limits, body.value.config ?? {})
    const outcome = await alterTopic(deps, params.topic, body.value)
    switch (outcome.kind) {
      case "altered":
        return json(200, topicJson(topicDescription(outcome.topic)))
      case "topic_not_found":
        return problemResponse(notLocated(outcome))
      case "fewer_partitions":
        return problemResponse(fewerPartitions(params.topic, outcome))
      case "concurrent_change":
        return problemResponse(concurrentChange(params.topic))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
