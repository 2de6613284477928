/** POST /v1/groups/{group}/offsets:reset */
import { consumeRoutes, type ResetOffsets } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import type { ResetTo } from "../../groups/reset/decide.ts"
import { resetOffsets } from "../../groups/reset/reset-offsets.ts"
import { consumeRules } from "../access/rules.ts"
import { deniedTopics, topicsAllowed } from "../access/topics.ts"
import { type EndpointInput, endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { corrupt, notLocated } from "../problems.ts"
import { groupNotFound, groupRefused, noCommittedOffset } from "./problems.ts"

export function resetOffsetsEndpoint(deps: GroupDependencies) {
  return endpoint(
    consumeRoutes.resetOffsets,
    consumeRules.resetOffsets,
    async ({ params, body: { value } }, _request, caller) => {
      const { topics, execute = false } = value
      const isShown = topicsAllowed(caller, "describe")
      const mayRead = topicsAllowed(caller, "read")
      const to = resetTo(value, deps.clock.now())
      const outcome = await resetOffsets(deps, params.group, { to, topics, execute, isShown, mayRead })
      switch (outcome.kind) {
        case "reset": {
          const offsets = outcome.offsets.map(({ topic, partition, committedOffset, newOffset }) => {
            return { topic, partition: partition.partition, committedOffset, newOffset }
          })
          const answer: ResetOffsets = { executed: outcome.executed, offsets }
          return json(200, answer)
        }
        case "group_not_found":
          return problemResponse(groupNotFound(outcome))
        case "group_not_empty":
        case "contended":
        case "unavailable":
          return problemResponse(groupRefused(params, outcome))
        case "topics_denied":
          throw deniedTopics(caller, "read", outcome.topics)
        case "no_committed_offset":
          return problemResponse(noCommittedOffset(outcome))
        case "corrupt":
          return problemResponse(corrupt(outcome))
        default:
          return problemResponse(notLocated(outcome))
      }
    },
  )
}

type Body = EndpointInput<typeof consumeRoutes.resetOffsets>["body"]["value"]

/** The schema lets exactly one of them through. */
function resetTo({ to, offset, timestamp, by, shift }: Body, now: number): ResetTo {
  if (to !== undefined) return { kind: to }
  if (offset !== undefined) return { kind: "offset", offset }
  if (timestamp !== undefined) return { kind: "timestamp", timestamp }
  if (by !== undefined) return { kind: "timestamp", timestamp: Math.max(0, now - by) }
  return { kind: "shift", records: shift ?? 0 }
}
