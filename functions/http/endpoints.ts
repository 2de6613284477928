/** Every endpoint, bound to what it works with. */
import type { ApiDependencies } from "./dependencies.ts"
import type { Endpoint } from "./endpoint.ts"
import { deleteRecordsEndpoint } from "./records/delete-records.ts"
import { fetchMany } from "./records/fetch-many.ts"
import { fetchRecords } from "./records/fetch-records.ts"
import { produceMany } from "./records/produce-many.ts"
import { produceToPartition } from "./records/produce-to-partition.ts"
import { produceToTopic } from "./records/produce-to-topic.ts"
import { setFenceEndpoint } from "./records/set-fence.ts"
import type { ReadDependencies } from "./records/wait.ts"
import { listOffsetsEndpoint } from "./topics/list-offsets.ts"

export function endpointsOf(deps: ApiDependencies & ReadDependencies): readonly Endpoint[] {
  return [
    produceToTopic(deps),
    produceToPartition(deps),
    produceMany(deps),
    fetchRecords(deps),
    fetchMany(deps),
    deleteRecordsEndpoint(deps),
    setFenceEndpoint(deps),
    listOffsetsEndpoint(deps),
  ]
}
