/** POST /v1/groups/{group}/members/{member}/heartbeat */
import { consumeRoutes } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { heartbeat } from "../../groups/heartbeat/heartbeat.ts"
import { consumeRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { memberRefused } from "./problems.ts"
import { requirePatterns } from "./subscriptions.ts"

export function heartbeatEndpoint(deps: GroupDependencies) {
  return endpoint(consumeRoutes.heartbeat, consumeRules.heartbeat, async ({ params, body }) => {
    await requirePatterns(body.value.topics)
    const outcome = await heartbeat(deps, params.group, params.member, body.value)
    return outcome.kind === "member" ? json(200, outcome.answer) : problemResponse(memberRefused(params, outcome))
  })
}
