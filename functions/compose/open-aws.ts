/** The log in an AWS account: DynamoDB and S3. */
import type { AccessStore } from "../access/ports.ts"
import type { PartitionIndex } from "../partitions/ports.ts"
import { createAccessStore } from "../storage/aws/dynamodb/access-store.ts"
import { createDynamoDbClients } from "../storage/aws/dynamodb/client.ts"
import { createS3Client } from "../storage/aws/s3/client.ts"
import { createS3ObjectStore } from "../storage/aws/s3/object-store.ts"
import { observed } from "./functions/options.ts"
import { type IndexedOptions, type IndexedService, indexedService } from "./indexed-service.ts"
import { tableStorage } from "./table-storage.ts"

export interface AwsOptions extends IndexedOptions {
  readonly table: string
  readonly bucket: string
  /** Absent: S3 at AWS. DynamoDB's is for the SDK to find, in AWS_ENDPOINT_URL_DYNAMODB. */
  readonly s3Endpoint?: string
  /** Stands between the append protocol and its index, for tests that inject faults. */
  readonly wrapIndex?: (index: PartitionIndex) => PartitionIndex
}

export interface Aws extends IndexedService {
  /** API keys and access control lists. `deps` ask for none. */
  readonly access: AccessStore
  /** Ends the connections. */
  close(): void
}

/** Asks nothing of AWS: the first request does. Region and credentials come from where the SDK looks for them. */
export function openAws({ table, bucket, s3Endpoint, wrapIndex, ...options }: AwsOptions): Aws {
  const clients = createDynamoDbClients(observed(options))
  const client = createS3Client({ ...observed(options), ...(s3Endpoint !== undefined && { endpoint: s3Endpoint }) })
  const storage = tableStorage({ clients, table })
  const index = wrapIndex?.(storage.index) ?? storage.index
  const objects = createS3ObjectStore({ client, bucket })
  return {
    ...indexedService({ ...storage, index, objects }, options),
    access: createAccessStore(clients, table),
    close: () => {
      clients.destroy()
      client.destroy()
    },
  }
}
