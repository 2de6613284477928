/** GET /v1/topics/{topic} */
import { topicRoutes } from "stratalog/protocol"
import { type DescribeTopicDeps, describeTopic } from "../../topics/describe/describe-topic.ts"
import { topicRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { notLocated } from "../problems.ts"
import { topicJson } from "./topic-json.ts"

export function describeTopicEndpoint(deps: DescribeTopicDeps) {
  return endpoint(topicRoutes.describeTopic, topicRules.describeTopic, async ({ params }) => {
    const outcome = await describeTopic(deps, params.topic)
    return outcome.kind === "topic" ? json(200, topicJson(outcome)) : problemResponse(notLocated(outcome))
  })
}
