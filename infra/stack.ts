/** Stratalog in an account: a table, a bucket, a function that answers and one that keeps house. */
import { CfnOutput, Stack } from "aws-cdk-lib"
import type { Construct } from "constructs"
import { openFrontDoor } from "./front-door.ts"
import { createFunctions } from "./functions.ts"
import type { DeploymentSettings } from "./settings.ts"
import { createStorage } from "./storage.ts"

export class StratalogStack extends Stack {
  constructor(scope: Construct, id: string, settings: DeploymentSettings) {
    super(scope, id, { description: "Stratalog: a serverless event log" })
    const storage = createStorage(this)
    const { api } = createFunctions(this, storage, settings)
    const url = openFrontDoor(this, api, settings)
    new CfnOutput(this, "Url", { value: url })
    new CfnOutput(this, "TableName", { value: storage.table.tableName })
    new CfnOutput(this, "BucketName", { value: storage.bucket.bucketName })
  }
}
