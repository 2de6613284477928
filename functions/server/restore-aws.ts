/** Brings back the objects that a table refers to: one that was restored to an earlier time, or one whose bucket lost some. */
import { nativeCodecs } from "../codecs/native-codecs.ts"
import { type PartitionReport, restoreAll } from "../restore/restore-all.ts"
import { createDynamoDbClients } from "../storage/aws/dynamodb/client.ts"
import { createPartitionIndex } from "../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createSegmentIndex } from "../storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../storage/aws/dynamodb/topics.ts"
import { prepareStorage } from "../storage/aws/prepare.ts"
import { createS3Client } from "../storage/aws/s3/client.ts"
import { createObjectHistories } from "../storage/aws/s3/object-histories.ts"
import { createS3ObjectStore } from "../storage/aws/s3/object-store.ts"
import { StartError } from "./start-error.ts"

export type { PartitionReport }

export interface RestoreObjectsOptions {
  readonly table: string
  /** Keeps the versions of what was deleted. */
  readonly bucket: string
  /** Where the objects are wanted, if not in the same bucket. */
  readonly toBucket?: string
  readonly dryRun?: boolean
  /** Reads and checks all objects, not only those that are brought back. */
  readonly readAll?: boolean
  /** Absent: S3 at AWS. DynamoDB's is for the SDK to find, in AWS_ENDPOINT_URL_DYNAMODB. */
  readonly s3Endpoint?: string
}

/** One report for each partition. Throws an Error with a sentence where table or bucket cannot be used. */
export async function* restoreFrom(options: RestoreObjectsOptions): AsyncGenerator<PartitionReport> {
  const { table, bucket, toBucket: target = bucket, s3Endpoint } = options
  const s3 = s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }
  for (const each of new Set([bucket, target])) {
    const prepared = await prepareStorage({ table, bucket: each, create: false, dynamoDb: {}, s3 })
    if (prepared.kind === "unusable") throw new StartError(prepared.detail)
  }
  const clients = createDynamoDbClients({})
  const client = createS3Client(s3)
  try {
    const access = { clients, table }
    const deps = {
      index: createPartitionIndex(access),
      segments: createSegmentIndex(access),
      topics: createTopicStore(clients, table),
      histories: createObjectHistories({ client, bucket, target }),
      objects: createS3ObjectStore({ client, bucket: target }),
      isSameBucket: target === bucket,
      crc32c: nativeCodecs().crc32c,
    }
    const { dryRun = false, readAll = false } = options
    yield* restoreAll(deps, { dryRun, read: readAll ? "all" : "brought-back" })
  } finally {
    clients.destroy()
    client.destroy()
  }
}
