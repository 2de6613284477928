/** What manages the log and tells of it. */
import type { ApiDependencies } from "../dependencies.ts"
import type { Endpoint } from "../endpoint.ts"
import { deleteGroupEndpoint } from "../groups/delete-group.ts"
import { describeGroupEndpoint } from "../groups/describe-group.ts"
import { groupDependencies } from "../groups/group-dependencies.ts"
import { listGroupsEndpoint } from "../groups/list-groups.ts"
import { deleteRecordsEndpoint } from "../records/delete-records.ts"
import { setFenceEndpoint } from "../records/set-fence.ts"
import { limitsEndpoint } from "../service/limits.ts"
import { liveEndpoint } from "../service/live.ts"
import { readyEndpoint } from "../service/ready.ts"
import { upkeepEndpoint } from "../service/upkeep.ts"
import { alterTopicEndpoint } from "../topics/alter-topic.ts"
import { createTopicEndpoint } from "../topics/create-topic.ts"
import { deleteTopicEndpoint } from "../topics/delete-topic.ts"
import { describeTopicEndpoint } from "../topics/describe-topic.ts"
import { listTopicsEndpoint } from "../topics/list-topics.ts"

/** `groups` is for a process that serves more of groups than this: its requests hear of each other. */
export function adminEndpoints(deps: ApiDependencies, groups = groupDependencies(deps)): readonly Endpoint[] {
  return [
    createTopicEndpoint(deps),
    listTopicsEndpoint(deps),
    describeTopicEndpoint(deps),
    alterTopicEndpoint(deps),
    deleteTopicEndpoint(deps),
    deleteRecordsEndpoint(deps),
    setFenceEndpoint(deps),
    listGroupsEndpoint(deps),
    describeGroupEndpoint(groups),
    deleteGroupEndpoint(groups),
    limitsEndpoint(deps),
    readyEndpoint(deps),
    liveEndpoint(deps),
    upkeepEndpoint(deps),
  ]
}
