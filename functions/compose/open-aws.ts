/** The log in an AWS account: DynamoDB and S3. */
import type { AppendNews } from "../log/ports.ts"
import type { PartitionSettings } from "../partitions/dependencies.ts"
import type { PartitionIndex } from "../partitions/ports.ts"
import { createDynamoDbClients } from "../storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../storage/aws/dynamodb/groups/group-store.ts"
import { indexSizes } from "../storage/aws/dynamodb/index-sizes.ts"
import { createPartitionIndex } from "../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createProducerIds } from "../storage/aws/dynamodb/producer-ids.ts"
import { createSegmentIndex } from "../storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../storage/aws/dynamodb/upkeep-records.ts"
import { createS3Client } from "../storage/aws/s3/client.ts"
import { createS3ObjectStore } from "../storage/aws/s3/object-store.ts"
import { type IndexedOptions, type IndexedService, indexedService } from "./indexed-service.ts"

export interface AwsOptions extends IndexedOptions {
  readonly table: string
  readonly bucket: string
  /** Absent: S3 at AWS. DynamoDB's is for the SDK to find, in AWS_ENDPOINT_URL_DYNAMODB. */
  readonly s3Endpoint?: string
  readonly settings?: Partial<PartitionSettings>
  /** Stands between the append protocol and its index, for tests that inject faults. */
  readonly wrapIndex?: (index: PartitionIndex) => PartitionIndex
  /** Absent: nobody is told of appends. */
  readonly news?: AppendNews
}

export interface Aws extends IndexedService {
  /** Ends the connections. */
  close(): void
}

/** Asks nothing of AWS: the first request does. Region and credentials come from where the SDK looks for them. */
export function openAws({ table, bucket, s3Endpoint, wrapIndex, news, ...options }: AwsOptions): Aws {
  const clients = createDynamoDbClients({})
  const client = createS3Client(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint })
  const access = { clients, table }
  const index = createPartitionIndex(access)
  const service = indexedService(
    {
      index: wrapIndex?.(index) ?? index,
      sizes: indexSizes,
      segments: createSegmentIndex(access),
      objects: createS3ObjectStore({ client, bucket }),
      topics: createTopicStore(clients, table),
      groups: createGroupStore(clients, table),
      producers: createProducerIds(clients, table),
      upkeepRecords: createUpkeepRecords(clients, table),
    },
    options,
  )
  return {
    ...service,
    deps: { ...service.deps, ...(news && { news }) },
    close: () => {
      clients.destroy()
      client.destroy()
    },
  }
}
