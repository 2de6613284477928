/** Where everything lies. */
import { Duration, RemovalPolicy } from "aws-cdk-lib"
import { AttributeType, BillingMode, type ITable, Table } from "aws-cdk-lib/aws-dynamodb"
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3"
import { Construct } from "constructs"

export interface StorageSettings {
  /**
   * For deployments that are made to be thrown away: whoever deletes the stacks deletes the log with all that is in it, and
   * nothing stays behind. Default false: the table and the bucket outlive their stack, until somebody deletes them by hand.
   */
  readonly throwAway?: boolean | undefined
}

/** What the functions have to know of where the log lies. */
export interface LogStorage {
  readonly table: Pick<ITable, "tableName" | "tableArn">
  readonly bucket: Pick<IBucket, "bucketName" | "bucketArn">
}

/** The state of a log: in a stack of its own nothing that happens to the functions touches it. */
export class StratalogStorage extends Construct implements LogStorage {
  readonly table: Table
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, { throwAway = false }: StorageSettings = {}) {
    super(scope, id)
    const removalPolicy = throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !throwAway,
      removalPolicy,
    })
    this.bucket = new Bucket(this, "Bucket", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      autoDeleteObjects: throwAway,
      removalPolicy,
    })
  }
}
