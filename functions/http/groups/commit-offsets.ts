/** POST /v1/groups/{group}/offsets */
import { consumeRoutes } from "stratalog/protocol"
import { commitAsMember } from "../../groups/commit/commit-as-member.ts"
import { commitOffsets } from "../../groups/commit/commit-offsets.ts"
import type { CommitRequest } from "../../groups/commit/decide.ts"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { readGroup } from "../../groups/membership/read-group.ts"
import { consumeRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { type ApiResponse, invalid, json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { committedJson } from "./committed-json.ts"
import { groupRefused, memberRefused, refusedCommits } from "./problems.ts"

export function commitOffsetsEndpoint(deps: GroupDependencies) {
  return endpoint(
    consumeRoutes.commitOffsets,
    consumeRules.commitOffsets,
    async ({ params: { group }, body: { value } }) => {
      const offsets = value.offsets.map(({ metadata = "", ...at }) => ({ ...at, metadata }))
      const { memberId, memberEpoch } = value
      if (memberId !== undefined) return memberCommits(deps, group, { memberId, memberEpoch, offsets })
      if (memberEpoch === undefined) return anybodyCommits(deps, group, offsets)
      throw invalid([{ path: "memberEpoch", message: "is a member's; say memberId, too" }])
    },
  )
}

async function anybodyCommits(
  deps: GroupDependencies,
  group: string,
  offsets: readonly CommitRequest[],
): Promise<ApiResponse> {
  const outcome = await commitOffsets(deps, group, offsets)
  switch (outcome.kind) {
    case "committed":
      return json(200, committedJson(outcome.offsets))
    case "refused":
      return problemResponse(refusedCommits(outcome.refusals, "offsets"))
    default:
      return problemResponse(groupRefused({ group }, outcome))
  }
}

async function memberCommits(
  deps: GroupDependencies,
  group: string,
  commit: Parameters<typeof commitAsMember>[3],
): Promise<ApiResponse> {
  const found = await readGroup(deps, group)
  if (found.kind === "unavailable") return problemResponse(unavailable(found))
  const outcome = await commitAsMember(deps, group, found.state, commit)
  if (outcome.kind === "committed") return json(200, committedJson(outcome.offsets))
  if (outcome.kind === "refused") return problemResponse(refusedCommits(outcome.refusals, "offsets"))
  return problemResponse(memberRefused({ group, member: commit.memberId }, outcome))
}
