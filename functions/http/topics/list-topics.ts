/** GET /v1/topics */
import { topicRoutes } from "stratalog/protocol"
import { listVisible } from "../../access/list-visible.ts"
import { type ListTopicsDeps, listTopics } from "../../topics/list/list-topics.ts"
import { topicRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { DEFAULT_PAGE_SIZE, nextCursor, readCursor } from "../paging.ts"
import { unavailable } from "../problems.ts"
import { topicJson } from "./topic-json.ts"

export function listTopicsEndpoint(deps: ListTopicsDeps) {
  return endpoint(topicRoutes.listTopics, topicRules.listTopics, async ({ query }, _request, caller) => {
    const { prefix, cursor, limit = DEFAULT_PAGE_SIZE } = query
    const request = { prefix, after: readCursor(cursor), limit }
    const page = await listVisible(caller.visible("topic"), request, async (names) => {
      const { topics, next } = await listTopics(deps, names)
      const items = topics.map((described) => ({ name: described.topic.name, described }))
      return { items, ...(next !== undefined && { next }) }
    })
    if ("kind" in page) return problemResponse(unavailable(page))
    return json(200, { topics: page.items.map(({ described }) => topicJson(described)), ...nextCursor(page.next) })
  })
}
