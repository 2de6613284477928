/** POST /v1/groups/{group}/members/{member}/heartbeat */
import { consumeRoutes } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { heartbeat } from "../../groups/heartbeat/heartbeat.ts"
import { consumeRules } from "../access/rules.ts"
import { requireReadable } from "../access/topics.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { memberRefused } from "./problems.ts"
import { requirePatterns } from "./subscriptions.ts"

export function heartbeatEndpoint(deps: GroupDependencies) {
  return endpoint(consumeRoutes.heartbeat, consumeRules.heartbeat, async ({ params, body }, _request, caller) => {
    await requirePatterns(body.value.topics)
    const outcome = await heartbeat(deps, params.group, params.member, body.value)
    if (outcome.kind !== "member") return problemResponse(memberRefused(params, outcome))
    requireReadable(caller, outcome.answer.assignment)
    return json(200, outcome.answer)
  })
}
