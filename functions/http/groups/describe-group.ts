/** GET /v1/groups/{group} */
import { type GroupDescription, groupRoutes } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { describeGroup } from "../../groups/describe/describe-group.ts"
import type { MemberView } from "../../groups/members/view.ts"
import { groupRules } from "../access/rules.ts"
import { topicsAllowed } from "../access/topics.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { groupNotFound } from "./problems.ts"

export function describeGroupEndpoint(deps: Pick<GroupDependencies, "groups" | "topics" | "sessionClock">) {
  return endpoint(groupRoutes.describeGroup, groupRules.describeGroup, async ({ params }, _request, caller) => {
    const isShown = topicsAllowed(caller, "describe")
    const outcome = await describeGroup(deps, params.group)
    switch (outcome.kind) {
      case "group": {
        const { group, state, epoch, assignor, topics, members } = outcome
        return json(200, {
          group,
          state,
          epoch,
          assignor,
          topics: topics.filter(isShown),
          members: members.map((member) => memberJson(member, isShown)),
        })
      }
      case "group_not_found":
        return problemResponse(groupNotFound(outcome))
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}

function memberJson(member: MemberView, isShown: (topic: string) => boolean): GroupDescription["members"][number] {
  const { memberId, instanceId, memberEpoch, lastSeen, topics, assignment, revoking } = member
  return {
    memberId,
    ...(instanceId !== undefined && { instanceId }),
    memberEpoch,
    sessionTimeout: member.sessionTimeoutMs,
    lastSeen,
    topics: topics.filter(isShown),
    assignment: assignment.filter(({ topic }) => isShown(topic)),
    revoking: revoking.filter(({ topic }) => isShown(topic)),
  }
}
