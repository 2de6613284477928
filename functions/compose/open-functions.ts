/** What each function of a deployment works with, over DynamoDB and S3. A function has the adapters of its own concern alone. */
import type {
  AdminDependencies,
  ApiDependencies,
  ConsumeDependencies,
  ProduceDependencies,
} from "../http/dependencies.ts"
import type { FetchDependencies } from "../log/dependencies.ts"
import { createIndexedLog } from "../partitions/indexed-log.ts"
import { createDynamoDbClients } from "../storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../storage/aws/dynamodb/groups/group-store.ts"
import { indexSizes } from "../storage/aws/dynamodb/index-sizes.ts"
import {
  createAppendIndex,
  createControlIndex,
  createPartitionIndex,
  createReadIndex,
} from "../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createProducerIds } from "../storage/aws/dynamodb/producer-ids.ts"
import { createSegmentIndex } from "../storage/aws/dynamodb/segment-index.ts"
import type { TableClients } from "../storage/aws/dynamodb/table-clients.ts"
import { createTopicStore } from "../storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../storage/aws/dynamodb/upkeep-records.ts"
import { adminService } from "./admin-service.ts"
import { apiDependencies } from "./api-dependencies.ts"
import { consumeService } from "./consume-service.ts"
import { fetchService } from "./fetch-service.ts"
import { type BucketOptions, lateObjects } from "./late-objects.ts"
import { partitionsDeps } from "./partitions-deps.ts"
import { produceService } from "./produce-service.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface TableOptions extends ServiceOptions {
  readonly table: string
}

export function openProduce(options: TableOptions & BucketOptions): ProduceDependencies {
  const { clients, table } = accessTo(options)
  const storage = {
    index: createAppendIndex({ clients, table }),
    sizes: indexSizes,
    objects: lateObjects(options),
    topics: createTopicStore(clients, table),
    producers: createProducerIds(clients, table),
  }
  return produceService(storage, options)
}

export function openFetch(options: TableOptions & BucketOptions): FetchDependencies {
  return fetchService(readers(accessTo(options), options), options)
}

export function openPoll(options: TableOptions & BucketOptions): ConsumeDependencies {
  const access = accessTo(options)
  const groups = createGroupStore(access.clients, access.table)
  return consumeService({ ...readers(access, options), groups }, options)
}

export function openAdmin(options: TableOptions): AdminDependencies {
  const { clients, table } = accessTo(options)
  const storage = {
    index: createControlIndex({ clients, table }),
    segments: createSegmentIndex({ clients, table }),
    topics: createTopicStore(clients, table),
    groups: createGroupStore(clients, table),
    upkeepRecords: createUpkeepRecords(clients, table),
  }
  return adminService(storage, options)
}

/** All of the API, for the one function behind a front door that knows only one. */
export function openApi(options: TableOptions & BucketOptions): ApiDependencies {
  const { clients, table } = accessTo(options)
  const storage = {
    index: createPartitionIndex({ clients, table }),
    sizes: indexSizes,
    segments: createSegmentIndex({ clients, table }),
    objects: lateObjects(options),
    topics: createTopicStore(clients, table),
    groups: createGroupStore(clients, table),
    upkeepRecords: createUpkeepRecords(clients, table),
    producers: createProducerIds(clients, table),
  }
  return apiDependencies(createIndexedLog(partitionsDeps(storage, options)), storage, options)
}

function accessTo({ table }: TableOptions): TableClients {
  return { clients: createDynamoDbClients({}), table }
}

function readers(access: TableClients, options: BucketOptions) {
  return {
    index: createReadIndex(access),
    segments: createSegmentIndex(access),
    objects: lateObjects(options),
    topics: createTopicStore(access.clients, access.table),
  }
}
