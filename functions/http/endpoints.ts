/** Every endpoint, bound to what it works with. */
import type { ApiDependencies } from "./dependencies.ts"
import type { Endpoint } from "./endpoint.ts"
import { commitOffsetsEndpoint } from "./groups/commit-offsets.ts"
import { committedOffsetsEndpoint } from "./groups/committed-offsets.ts"
import { deleteGroupEndpoint } from "./groups/delete-group.ts"
import { describeGroupEndpoint } from "./groups/describe-group.ts"
import { groupDependencies } from "./groups/group-dependencies.ts"
import { groupLagEndpoint } from "./groups/group-lag.ts"
import { heartbeatEndpoint } from "./groups/heartbeat.ts"
import { leaveGroupEndpoint } from "./groups/leave-group.ts"
import { listGroupsEndpoint } from "./groups/list-groups.ts"
import { pollEndpoint } from "./groups/poll.ts"
import { resetOffsetsEndpoint } from "./groups/reset-offsets.ts"
import { initProducerEndpoint } from "./producers/init-producer.ts"
import { deleteRecordsEndpoint } from "./records/delete-records.ts"
import { fetchMany } from "./records/fetch-many.ts"
import { fetchRecords } from "./records/fetch-records.ts"
import { produceMany } from "./records/produce-many.ts"
import { produceToPartition } from "./records/produce-to-partition.ts"
import { produceToTopic } from "./records/produce-to-topic.ts"
import { setFenceEndpoint } from "./records/set-fence.ts"
import type { ReadDependencies } from "./records/wait.ts"
import { limitsEndpoint } from "./service/limits.ts"
import { liveEndpoint } from "./service/live.ts"
import { readyEndpoint } from "./service/ready.ts"
import { alterTopicEndpoint } from "./topics/alter-topic.ts"
import { createTopicEndpoint } from "./topics/create-topic.ts"
import { deleteTopicEndpoint } from "./topics/delete-topic.ts"
import { describeTopicEndpoint } from "./topics/describe-topic.ts"
import { listOffsetsEndpoint } from "./topics/list-offsets.ts"
import { listTopicsEndpoint } from "./topics/list-topics.ts"

export function endpointsOf(deps: ApiDependencies & ReadDependencies): readonly Endpoint[] {
  const groups = groupDependencies(deps)
  return [
    produceToTopic(deps),
    produceToPartition(deps),
    produceMany(deps),
    fetchRecords(deps),
    fetchMany(deps),
    deleteRecordsEndpoint(deps),
    setFenceEndpoint(deps),
    listOffsetsEndpoint(deps),
    createTopicEndpoint(deps),
    listTopicsEndpoint(deps),
    describeTopicEndpoint(deps),
    alterTopicEndpoint(deps),
    deleteTopicEndpoint(deps),
    listGroupsEndpoint(deps),
    describeGroupEndpoint(groups),
    deleteGroupEndpoint(groups),
    heartbeatEndpoint(groups),
    pollEndpoint({ ...groups, waiting: deps.waiting }),
    leaveGroupEndpoint(groups),
    commitOffsetsEndpoint(groups),
    committedOffsetsEndpoint(deps),
    resetOffsetsEndpoint(groups),
    groupLagEndpoint(groups),
    initProducerEndpoint(deps),
    limitsEndpoint(deps),
    readyEndpoint(deps),
    liveEndpoint(deps),
  ]
}
