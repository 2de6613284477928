/** GET /v1/keys */
import { accessRoutes } from "stratalog/protocol"
import { listKeys } from "../../access/list-keys/list-keys.ts"
import { json, problemResponse } from "../exchange.ts"
import { DEFAULT_PAGE_SIZE, nextCursor, readCursor } from "../paging.ts"
import { unavailable } from "../problems.ts"
import { type AccessDependencies, controlledEndpoint } from "./controlled.ts"
import { keyJson } from "./key-json.ts"
import { accessRules } from "./rules.ts"

export function listKeysEndpoint(deps: AccessDependencies) {
  return controlledEndpoint(accessRoutes.listKeys, accessRules.listKeys, deps, async ({ query }, { access }) => {
    const { principal, cursor, limit = DEFAULT_PAGE_SIZE } = query
    const page = await listKeys({ keys: access.store }, { principal, after: readCursor(cursor), limit })
    if (page.kind === "unavailable") return problemResponse(unavailable(page))
    return json(200, { keys: page.keys.map(keyJson), ...nextCursor(page.next) })
  })
}
