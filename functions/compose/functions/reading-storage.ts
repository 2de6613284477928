import { createReadIndex } from "../../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createSegmentIndex } from "../../storage/aws/dynamodb/segment-index.ts"
import type { TableClients } from "../../storage/aws/dynamodb/table-clients.ts"
import { createTopicStore } from "../../storage/aws/dynamodb/topics.ts"
import type { FetchStorage } from "../fetch-service.ts"
import { lateObjects } from "./late-objects.ts"
import type { BucketOptions } from "./options.ts"

/** Where records are read from. */
export function readingStorage(access: TableClients, bucket: BucketOptions): FetchStorage {
  return {
    index: createReadIndex(access),
    segments: createSegmentIndex(access),
    objects: lateObjects(bucket),
    topics: createTopicStore(access.clients, access.table),
  }
}
