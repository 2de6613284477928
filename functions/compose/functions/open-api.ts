import type { ApiDependencies } from "../../http/dependencies.ts"
import { createIndexedLog } from "../../partitions/indexed-log.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../../storage/aws/dynamodb/groups/group-store.ts"
import { indexSizes } from "../../storage/aws/dynamodb/index-sizes.ts"
import { createPartitionIndex } from "../../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createProducerIds } from "../../storage/aws/dynamodb/producer-ids.ts"
import { createSegmentIndex } from "../../storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../../storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../../storage/aws/dynamodb/upkeep-records.ts"
import { apiDependencies } from "../api-dependencies.ts"
import { partitionsDeps } from "../partitions-deps.ts"
import { lateObjects } from "./late-objects.ts"
import type { RecordsOptions } from "./options.ts"

/** All of the API, for the one function behind a front door that knows only one. */
export function openApi(options: RecordsOptions): ApiDependencies {
  const { table } = options
  const clients = createDynamoDbClients({})
  const storage = {
    index: createPartitionIndex({ clients, table }),
    sizes: indexSizes,
    segments: createSegmentIndex({ clients, table }),
    objects: lateObjects(options),
    topics: createTopicStore(clients, table),
    groups: createGroupStore(clients, table),
    producers: createProducerIds(clients, table),
    upkeepRecords: createUpkeepRecords(clients, table),
  }
  return apiDependencies(createIndexedLog(partitionsDeps(storage, options)), storage, options)
}
