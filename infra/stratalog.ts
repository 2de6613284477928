/** A log in an AWS account, whole: `new Stratalog(this, "Log")`. */
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam"
import type { ITopic } from "aws-cdk-lib/aws-sns"
import { Construct } from "constructs"
import { storageInUse } from "./restored.ts"
import { StratalogService } from "./service.ts"
import type { StratalogSettings } from "./settings.ts"
import { StratalogStorage } from "./storage.ts"

/**
 * Storage and service in one stack. Put the two into stacks of their own (`StratalogStorage`, `StratalogService`), as the app
 * does, where the service is to be removed and made again without a thought of the data.
 */
export class Stratalog extends Construct {
  readonly storage: StratalogStorage
  readonly service: StratalogService
  /** Where requests go; ends in a slash. */
  readonly url: string
  /** Hears of appends, where the settings want it. */
  readonly news: ITopic | undefined

  constructor(scope: Construct, id: string, settings: StratalogSettings = {}) {
    super(scope, id)
    this.storage = new StratalogStorage(this, "Storage", settings)
    const storage = storageInUse(this, this.storage, settings)
    this.service = new StratalogService(this, "Service", { ...settings, storage })
    this.url = this.service.url
    this.news = this.service.news
  }

  /** Lets somebody append who signs: to these topics and nothing else, or to all, which it may read then, too. */
  grantProduce(grantee: IGrantable, ...topics: readonly string[]): Grant {
    return this.service.grantProduce(grantee, ...topics)
  }

  /** Lets somebody read who signs, all topics and in any group. */
  grantConsume(grantee: IGrantable): Grant {
    return this.service.grantConsume(grantee)
  }

  /** Lets somebody do everything who signs. */
  grantAdmin(grantee: IGrantable): Grant {
    return this.service.grantAdmin(grantee)
  }
}
