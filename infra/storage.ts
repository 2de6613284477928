/** Where everything lies. */
import { Duration, RemovalPolicy } from "aws-cdk-lib"
import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb"
import type { IKey } from "aws-cdk-lib/aws-kms"
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  StorageClass,
} from "aws-cdk-lib/aws-s3"
import { Construct } from "constructs"
import { leaveNoLogs } from "./auto-delete-logs.ts"
import { breakRule } from "./broken-rules.ts"
import { type EncryptionKeySetting, encryptionKeyOf } from "./encryption.ts"
import { SettingError } from "./setting-error.ts"

export interface StorageSettings {
  /**
   * For deployments that are made to be thrown away: whoever deletes the stacks deletes the log with all that is in it, and
   * nothing stays behind (a new key waits for a week, as KMS has it). Default false: the table and the bucket outlive their
   * stack, and the stack and the table refuse to be deleted, until somebody wants it by hand.
   */
  readonly throwAway?: boolean | undefined
  /**
   * A KMS key of your own for the table, the bucket, the topics and the dead letters: `new` for one that is made here and rotated
   * every year, the ARN of one, or a key. One that is named by its ARN has to let `sns.amazonaws.com` use it (`kms:Decrypt`,
   * `kms:GenerateDataKey*`), or calls of upkeep that cannot be delivered are lost. It costs $1 a month and $0.03 for 10,000 uses.
   * Default: keys of AWS, which cost nothing. What was written under a key can be read with it alone: once it is set, leave it set.
   */
  readonly encryptionKey?: EncryptionKeySetting | undefined
  /**
   * Segments move to S3 Intelligent-Tiering, which makes those that nobody reads for 30 or 90 days cheaper, for a charge for
   * each object and month. Default false. Worth it where most of a log is old and seldom read.
   */
  readonly intelligentTiering?: boolean | undefined
  /**
   * To how many days back the log can be restored (docs/backup.md), 1 to 35: so long DynamoDB keeps the table's history, and S3,
   * a day longer, what was replaced or removed (versioning), which is billed as any object. 0: S3 keeps nothing, and a table
   * that is taken back finds only what is there today. Default 7, and 0 for what is to be thrown away. S3 never unlearns
   * versioning: with 0 it makes no new versions, and those that are there stay.
   */
  readonly objectHistory?: number | undefined
}

/** What the functions have to know of where the log lies. */
export interface LogStorage {
  readonly table: Pick<ITable, "tableName" | "tableArn">
  readonly bucket: Pick<IBucket, "bucketName" | "bucketArn">
  /** The one that both are encrypted with; absent where it is none of your own. */
  readonly encryptionKey?: IKey | undefined
}

/** The state of a log: in a stack of its own nothing that happens to the functions touches it. */
export class StratalogStorage extends Construct implements LogStorage {
  readonly table: Table
  readonly bucket: Bucket
  readonly encryptionKey: IKey | undefined

  constructor(scope: Construct, id: string, settings: StorageSettings = {}) {
    super(scope, id)
    const { throwAway = false } = settings
    const objectHistory = historyOf(settings)
    const removalPolicy = throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
    const key = encryptionKeyOf(this, settings.encryptionKey, throwAway)
    this.encryptionKey = key
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        ...(objectHistory > 0 && { recoveryPeriodInDays: objectHistory }),
      },
      deletionProtection: !throwAway,
      ...(key && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key }),
      removalPolicy,
    })
    this.bucket = new Bucket(this, "Bucket", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // With a bucket key S3 asks KMS once for many objects.
      ...(key
        ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      enforceSSL: true,
      ...(objectHistory > 0 && { versioned: true }),
      lifecycleRules: lifecycleRules(objectHistory, settings.intelligentTiering === true),
      autoDeleteObjects: throwAway,
      removalPolicy,
    })
    breakRule(
      this.bucket,
      "S1",
      "The functions of the log alone reach it, and CloudTrail's data events tell of them. A line for each request would cost more than most requests.",
    )
    if (throwAway) leaveNoLogs(this)
  }
}

const HISTORY_DAYS = 7
/** DynamoDB's own limit. */
const MOST_HISTORY_DAYS = 35
/** For the time that restoring takes: what the table of the first day names may be the next to expire. */
const SPARE_DAYS = 1

function historyOf({ objectHistory, throwAway }: StorageSettings): number {
  const days = objectHistory ?? (throwAway === true ? 0 : HISTORY_DAYS)
  if (Number.isInteger(days) && days >= 0 && days <= MOST_HISTORY_DAYS) return days
  throw new SettingError(`objectHistory is ${days}: choose 1 to ${MOST_HISTORY_DAYS} days, or 0 for none.`)
}

function lifecycleRules(objectHistory: number, intelligentTiering: boolean): LifecycleRule[] {
  const rules: LifecycleRule[] = [{ id: "uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) }]
  if (intelligentTiering) {
    // S3 leaves out those below 128 KB by itself, which would never become cheaper.
    const transition = { storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }
    rules.push({ id: "tiering", prefix: "segments/", transitions: [transition] })
  }
  if (objectHistory > 0) {
    rules.push({
      id: "history",
      noncurrentVersionExpiration: Duration.days(objectHistory + SPARE_DAYS),
      // What tells that an object was removed goes with its last version.
      expiredObjectDeleteMarker: true,
    })
  }
  return rules
}
