/** A log that was restored: the functions work on another table than the storage stack made, or on another bucket. */
import { Table } from "aws-cdk-lib/aws-dynamodb"
import { Bucket } from "aws-cdk-lib/aws-s3"
import type { Construct } from "constructs"
import type { LogStorage } from "./storage.ts"

export interface RestoredSettings {
  /**
   * The functions work on this table of the same account and region instead of the one that the storage stack made: one that was
   * restored to an earlier time (docs/backup.md). The other one stays as it is. Default: the stack's own.
   */
  readonly tableName?: string | undefined
  /** The same of the bucket. */
  readonly bucketName?: string | undefined
}

/**
 * What the functions are to work on. The storage's own table and bucket stay in their stack and in its exports: a deployment that
 * took them out would be refused as long as the functions refer to them.
 */
export function storageInUse(
  scope: Construct,
  storage: LogStorage,
  { tableName, bucketName }: RestoredSettings,
): LogStorage {
  return {
    table: tableName === undefined ? storage.table : Table.fromTableName(scope, "RestoredTable", tableName),
    bucket: bucketName === undefined ? storage.bucket : Bucket.fromBucketName(scope, "RestoredBucket", bucketName),
    encryptionKey: storage.encryptionKey,
  }
}
