/** GET /v1/groups */
import { groupRoutes } from "stratalog/protocol"
import { type ListGroupsDeps, listGroups } from "../../groups/list/list-groups.ts"
import { groupRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { DEFAULT_PAGE_SIZE, nextCursor, readCursor } from "../paging.ts"
import { unavailable } from "../problems.ts"

export function listGroupsEndpoint(deps: ListGroupsDeps) {
  return endpoint(groupRoutes.listGroups, groupRules.listGroups, async ({ query }) => {
    const { cursor, limit = DEFAULT_PAGE_SIZE } = query
    const outcome = await listGroups(deps, { after: readCursor(cursor), limit })
    if (outcome.kind === "unavailable") return problemResponse(unavailable(outcome))
    return json(200, { groups: outcome.groups.map((group) => ({ group })), ...nextCursor(outcome.next) })
  })
}
