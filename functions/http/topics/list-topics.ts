/** GET /v1/topics */
import { topicRoutes } from "stratalog/protocol"
import { type ListTopicsDeps, listTopics } from "../../topics/list/list-topics.ts"
import { topicRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json } from "../exchange.ts"
import { DEFAULT_PAGE_SIZE, nextCursor, readCursor } from "../paging.ts"
import { topicJson } from "./topic-json.ts"

export function listTopicsEndpoint(deps: ListTopicsDeps) {
  return endpoint(topicRoutes.listTopics, topicRules.listTopics, async ({ query }) => {
    const { prefix, cursor, limit = DEFAULT_PAGE_SIZE } = query
    const page = await listTopics(deps, { prefix, after: readCursor(cursor), limit })
    return json(200, { topics: page.topics.map(topicJson), ...nextCursor(page.next) })
  })
}
