import { createGroupStore } from "../storage/aws/dynamodb/groups/group-store.ts"
import { indexSizes } from "../storage/aws/dynamodb/index-sizes.ts"
import { createPartitionIndex } from "../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createProducerIds } from "../storage/aws/dynamodb/producer-ids.ts"
import { createSegmentIndex } from "../storage/aws/dynamodb/segment-index.ts"
import type { TableClients } from "../storage/aws/dynamodb/table-clients.ts"
import { createTopicStore } from "../storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../storage/aws/dynamodb/upkeep-records.ts"
import type { IndexedStorage } from "./indexed-service.ts"

/** All of a log that lies in DynamoDB, for whoever serves all of it. */
export function tableStorage(access: TableClients): Omit<IndexedStorage, "objects"> {
  const { clients, table } = access
  return {
    index: createPartitionIndex(access),
    sizes: indexSizes,
    segments: createSegmentIndex(access),
    topics: createTopicStore(clients, table),
    groups: createGroupStore(clients, table),
    producers: createProducerIds(clients, table),
    upkeepRecords: createUpkeepRecords(clients, table),
  }
}
