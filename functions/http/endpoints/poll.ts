/** What consumers of a group ask for, and what concerns the offsets of a group. */
import type { ApiDependencies } from "../dependencies.ts"
import type { Endpoint } from "../endpoint.ts"
import { commitOffsetsEndpoint } from "../groups/commit-offsets.ts"
import { committedOffsetsEndpoint } from "../groups/committed-offsets.ts"
import { groupDependencies } from "../groups/group-dependencies.ts"
import { groupLagEndpoint } from "../groups/group-lag.ts"
import { heartbeatEndpoint } from "../groups/heartbeat.ts"
import { leaveGroupEndpoint } from "../groups/leave-group.ts"
import { pollEndpoint } from "../groups/poll.ts"
import { resetOffsetsEndpoint } from "../groups/reset-offsets.ts"
import type { ReadDependencies } from "../records/wait.ts"

/** `groups` is for a process that serves more of groups than this: its requests hear of each other. */
export function pollEndpoints(
  deps: ApiDependencies & ReadDependencies,
  groups = groupDependencies(deps),
): readonly Endpoint[] {
  return [
    heartbeatEndpoint(groups),
    pollEndpoint({ ...groups, waiting: deps.waiting }),
    leaveGroupEndpoint(groups),
    commitOffsetsEndpoint(groups),
    committedOffsetsEndpoint(deps),
    resetOffsetsEndpoint(groups),
    groupLagEndpoint(groups),
  ]
}
