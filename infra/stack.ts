/** Stratalog in an account: a table, a bucket, a function that answers and one that keeps house. */
import { CfnOutput, Stack } from "aws-cdk-lib"
import type { Topic } from "aws-cdk-lib/aws-sns"
import type { Construct } from "constructs"
import { openFrontDoor } from "./front-door.ts"
import { createFunctions } from "./functions.ts"
import { openNews } from "./news.ts"
import type { DeploymentSettings } from "./settings.ts"
import { createStorage } from "./storage.ts"

export class StratalogStack extends Stack {
  /** Where requests go. */
  readonly url: string
  /** Hears of appends, if the settings want it. */
  readonly news: Topic | undefined

  constructor(scope: Construct, id: string, settings: DeploymentSettings) {
    super(scope, id, { description: "Stratalog: a serverless event log" })
    const storage = createStorage(this)
    const { api } = createFunctions(this, storage, settings)
    this.url = openFrontDoor(this, api, settings)
    this.news = settings.news === "on" ? openNews(this, api) : undefined
    new CfnOutput(this, "Url", { value: this.url })
    if (this.news !== undefined) new CfnOutput(this, "NewsTopicArn", { value: this.news.topicArn })
    new CfnOutput(this, "TableName", { value: storage.table.tableName })
    new CfnOutput(this, "BucketName", { value: storage.bucket.bucketName })
  }
}
