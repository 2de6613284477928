/** DELETE /v1/topics/{topic} */
import { topicRoutes } from "stratalog/protocol"
import { type DeleteTopicDeps, deleteTopic } from "../../topics/delete/delete-topic.ts"
import { topicRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { noContent, problemResponse } from "../exchange.ts"
import { notLocated, unavailable } from "../problems.ts"

export function deleteTopicEndpoint(deps: DeleteTopicDeps) {
  return endpoint(topicRoutes.deleteTopic, topicRules.deleteTopic, async ({ params }) => {
    const outcome = await deleteTopic(deps, params.topic)
    switch (outcome.kind) {
      case "deleted":
        return noContent
      case "topic_not_found":
        return problemResponse(notLocated(outcome))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
