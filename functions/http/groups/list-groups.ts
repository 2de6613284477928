/** GET /v1/groups */
import { groupRoutes } from "stratalog/protocol"
import { listVisible } from "../../access/list-visible.ts"
import { type ListGroupsDeps, listGroups } from "../../groups/list/list-groups.ts"
import { groupRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { DEFAULT_PAGE_SIZE, nextCursor, readCursor } from "../paging.ts"
import { unavailable } from "../problems.ts"

export function listGroupsEndpoint(deps: ListGroupsDeps) {
  return endpoint(groupRoutes.listGroups, groupRules.listGroups, async ({ query }, _request, caller) => {
    const { cursor, limit = DEFAULT_PAGE_SIZE } = query
    const request = { after: readCursor(cursor), limit }
    const page = await listVisible(caller.visible("group"), request, async (names) => {
      const outcome = await listGroups(deps, names)
      if (outcome.kind === "unavailable") return outcome
      const { groups, next } = outcome
      return { items: groups.map((name) => ({ name })), ...(next !== undefined && { next }) }
    })
    if ("kind" in page) return problemResponse(unavailable(page))
    return json(200, { groups: page.items.map(({ name }) => ({ group: name })), ...nextCursor(page.next) })
  })
}
