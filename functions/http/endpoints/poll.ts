/** What consumers of a group ask for, and what concerns the offsets of a group. */
import type { ConsumeDependencies } from "../dependencies.ts"
import type { Endpoint } from "../endpoint.ts"
import { commitOffsetsEndpoint } from "../groups/commit-offsets.ts"
import { committedOffsetsEndpoint } from "../groups/committed-offsets.ts"
import { groupDependencies } from "../groups/group-dependencies.ts"
import { groupLagEndpoint } from "../groups/group-lag.ts"
import { heartbeatEndpoint } from "../groups/heartbeat.ts"
import { leaveGroupEndpoint } from "../groups/leave-group.ts"
import { pollEndpoint } from "../groups/poll.ts"
import { resetOffsetsEndpoint } from "../groups/reset-offsets.ts"
import { sharedByGroups } from "../groups/shared-by-groups.ts"
import type { ReadDependencies } from "../records/wait.ts"

/** `shared`: for a process that serves more of groups than this. */
export function pollEndpoints(
  deps: ConsumeDependencies & ReadDependencies,
  shared = sharedByGroups(),
): readonly Endpoint[] {
  const groups = groupDependencies(deps, shared)
  return [
    heartbeatEndpoint(groups),
    pollEndpoint({ ...groups, waiting: deps.waiting, gate: deps.gate }),
    leaveGroupEndpoint(groups),
    commitOffsetsEndpoint(groups),
    committedOffsetsEndpoint(deps),
    resetOffsetsEndpoint(groups),
    groupLagEndpoint(groups),
  ]
}
