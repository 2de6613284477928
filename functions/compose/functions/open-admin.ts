import type { AdminDependencies } from "../../http/dependencies.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../../storage/aws/dynamodb/groups/group-store.ts"
import { createControlIndex } from "../../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createSegmentIndex } from "../../storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../../storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../../storage/aws/dynamodb/upkeep-records.ts"
import { adminService } from "../admin-service.ts"
import { knownCallers, type WithAccessStore, type WithCallers } from "./known-callers.ts"
import { type AdminOptions, observed } from "./options.ts"

/** What manages topics and groups, over DynamoDB alone. */
export function openAdmin(options: AdminOptions): AdminDependencies & WithCallers & WithAccessStore {
  const { table } = options
  const clients = createDynamoDbClients(observed(options))
  const storage = {
    index: createControlIndex({ clients, table }),
    segments: createSegmentIndex({ clients, table }),
    topics: createTopicStore(clients, table),
    groups: createGroupStore(clients, table),
    upkeepRecords: createUpkeepRecords(clients, table),
  }
  return {
    ...adminService(storage, options),
    ...knownCallers({ clients, table }, options),
  }
}
