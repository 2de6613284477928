/** The app's two stacks: one that holds the log, and one that can go and come back at any time. */
import { CfnOutput, Stack } from "aws-cdk-lib"
import { Key } from "aws-cdk-lib/aws-kms"
import type { Construct } from "constructs"
import { takesKeys, warningOf } from "./access.ts"
import { firstCall, firstKey } from "./first-call.ts"
import { type RestoredSettings, storageInUse } from "./restored.ts"
import { StratalogService, type StratalogServiceProps } from "./service.ts"
import type { StratalogSettings } from "./settings.ts"
import { type StorageSettings, StratalogStorage } from "./storage.ts"

export class StratalogStorageStack extends Stack {
  readonly storage: StratalogStorage

  constructor(scope: Construct, id: string, settings: StorageSettings) {
    super(scope, id, {
      description: "Stratalog: the table and the bucket that hold the log",
      // Both would outlive it, and be forgotten: the next deployment would make others, empty.
      terminationProtection: settings.throwAway !== true,
    })
    this.storage = new StratalogStorage(this, "Storage", settings)
    const { table, bucket, encryptionKey } = this.storage
    new CfnOutput(this, "TableName", { value: table.tableName })
    new CfnOutput(this, "BucketName", { value: bucket.bucketName })
    // What the service may come to refer to is told from the first day, so that no deployment has to take it back.
    const keyArn = encryptionKey instanceof Key ? [encryptionKey.keyArn] : []
    const told = [table.tableName, table.tableArn, bucket.bucketName, bucket.bucketArn, ...keyArn]
    for (const value of told) this.exportValue(value)
  }
}

export class StratalogStack extends Stack {
  readonly service: StratalogService

  constructor(scope: Construct, id: string, settings: StratalogServiceProps & RestoredSettings) {
    super(scope, id, { description: "Stratalog: a serverless event log" })
    const storage = storageInUse(this, settings.storage, settings)
    this.service = new StratalogService(this, "Service", { ...settings, storage })
    const { table, bucket } = storage
    const { url, keyUrl, domainTarget } = this.service.frontDoor
    const { auth = "iam", frontDoor } = settings
    const service = frontDoor === "function-url" ? "lambda" : "execute-api"
    new CfnOutput(this, "Url", { value: url })
    new CfnOutput(this, "FirstCall", { value: firstCall({ url, region: this.region, auth, service }) })
    if (keyUrl !== undefined) {
      new CfnOutput(this, "KeyUrl", { value: keyUrl })
      const value = firstCall({ url: keyUrl, region: this.region, auth: "key", service })
      new CfnOutput(this, "FirstKeyCall", { value })
    }
    if (takesKeys(settings)) {
      new CfnOutput(this, "FirstKey", { value: firstKey(this.service.keyMaker.functionName, this.region) })
    }
    const warning = warningOf(settings)
    if (warning !== undefined) new CfnOutput(this, "Warning", { value: warning })
    if (domainTarget !== undefined) new CfnOutput(this, "DomainTarget", { value: domainTarget })
    if (this.service.news !== undefined) new CfnOutput(this, "NewsTopicArn", { value: this.service.news.topicArn })
    new CfnOutput(this, "TableName", { value: table.tableName })
    new CfnOutput(this, "BucketName", { value: bucket.bucketName })
  }
}

export interface StratalogStacks {
  readonly storage: StratalogStorageStack
  readonly service: StratalogStack
}

/** The names of the stacks are `id` and `idStorage`. */
export function stratalogStacks(scope: Construct, id: string, settings: StratalogSettings): StratalogStacks {
  const storage = new StratalogStorageStack(scope, `${id}Storage`, settings)
  return { storage, service: new StratalogStack(scope, id, { ...settings, storage: storage.storage }) }
}
