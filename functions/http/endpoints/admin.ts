/** What manages the log and tells of it. */
import { addAclsEndpoint } from "../access/add-acls.ts"
import { createKeyEndpoint } from "../access/create-key.ts"
import { listAclsEndpoint } from "../access/list-acls.ts"
import { listKeysEndpoint } from "../access/list-keys.ts"
import { removeAclsEndpoint } from "../access/remove-acls.ts"
import { revokeKeyEndpoint } from "../access/revoke-key.ts"
import { whoamiEndpoint } from "../access/whoami.ts"
import type { AdminDependencies } from "../dependencies.ts"
import type { Endpoint } from "../endpoint.ts"
import { deleteGroupEndpoint } from "../groups/delete-group.ts"
import { describeGroupEndpoint } from "../groups/describe-group.ts"
import { listGroupsEndpoint } from "../groups/list-groups.ts"
import { sharedByGroups } from "../groups/shared-by-groups.ts"
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

/** `shared`: for a process that serves more of groups than this. */
export function adminEndpoints(deps: AdminDependencies, shared = sharedByGroups()): readonly Endpoint[] {
  return [
    createTopicEndpoint(deps),
    listTopicsEndpoint(deps),
    describeTopicEndpoint(deps),
    alterTopicEndpoint(deps),
    deleteTopicEndpoint(deps),
    deleteRecordsEndpoint(deps),
    setFenceEndpoint(deps),
    listGroupsEndpoint(deps),
    describeGroupEndpoint(deps),
    deleteGroupEndpoint({ ...deps, ...shared }),
    createKeyEndpoint(deps),
    listKeysEndpoint(deps),
    revokeKeyEndpoint(deps),
    listAclsEndpoint(deps),
    addAclsEndpoint(deps),
    removeAclsEndpoint(deps),
    whoamiEndpoint(),
    limitsEndpoint(deps),
    readyEndpoint(deps),
    liveEndpoint(deps),
    upkeepEndpoint(deps),
  ]
}
