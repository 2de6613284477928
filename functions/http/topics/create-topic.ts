/** PUT /v1/topics/{topic} */
import { topicRoutes } from "stratalog/protocol"
import { createTopic } from "../../topics/create/create-topic.ts"
import { topicDescription } from "../../topics/describe/describe-topic.ts"
import { topicRules } from "../access/rules.ts"
import { onTopic } from "../access/topics.ts"
import type { AdminDependencies } from "../dependencies.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { requireAllowed, topicConflict, topicIsThere } from "./problems.ts"
import { topicJson } from "./topic-json.ts"

export function createTopicEndpoint(deps: AdminDependencies) {
  return endpoint(topicRoutes.createTopic, topicRules.createTopic, async ({ params, body }, _request, caller) => {
    const { partitions = 1, config = {} } = body.value
    requireAllowed(deps.limits, config)
    const outcome = await createTopic({ ...deps, ids: deps.topicIds }, { name: params.topic, partitions, config })
    const isThere = outcome.kind === "exists" || outcome.kind === "conflict"
    if (isThere && !caller.allows(onTopic("describe", params.topic))) return problemResponse(topicIsThere(params.topic))
    switch (outcome.kind) {
      case "created":
        return json(201, topicJson(topicDescription(outcome.topic)), { location: `/v1/topics/${params.topic}` })
      case "exists":
        return json(200, topicJson(topicDescription(outcome.topic)))
      case "conflict":
        return problemResponse(topicConflict(outcome))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
