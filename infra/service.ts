/** What answers and what keeps house. It holds no state: it can be removed and made again over the same storage. */
import { Annotations } from "aws-cdk-lib"
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { ITopic } from "aws-cdk-lib/aws-sns"
import { Construct } from "constructs"
import { isSigned, warningOf } from "./access.ts"
import { type FrontDoor, type FrontDoorSettings, type Handlers, handlersOf, openFrontDoor } from "./front-door/open.ts"
import { appender, createHandlers } from "./functions/handlers.ts"
import type { FunctionSettings } from "./functions/settings.ts"
import { createUpkeep, type UpkeepSettings } from "./functions/upkeep.ts"
import { CONSUMING_CALLS, producingCalls } from "./grants.ts"
import { openNews } from "./news.ts"
import { type Nudges, openNudges } from "./nudges.ts"
import type { LogStorage } from "./storage.ts"
import type { WatchSettings } from "./watch/settings.ts"
import { watchService } from "./watch/watch-service.ts"

export interface ServiceSettings extends FrontDoorSettings, FunctionSettings, UpkeepSettings, WatchSettings {
  /**
   * An SNS topic hears of appends, at most once a second for a topic, to wake functions that consume (`StratalogConsumer`).
   * Default false.
   */
  readonly news?: boolean | undefined
}

export interface StratalogServiceProps extends ServiceSettings {
  /** A `StratalogStorage`, of the same stack or of another one. */
  readonly storage: LogStorage
}

export class StratalogService extends Construct {
  /** Where requests go; ends in a slash. */
  readonly url: string
  readonly frontDoor: FrontDoor
  /** Hears of appends, where the settings want it. */
  readonly news: ITopic | undefined
  /** The functions that requests lead to. */
  readonly handlers: Handlers
  /** The function that makes the first API key, where keys are taken. */
  readonly keyMaker: LambdaFn
  /** The function that the schedules call, and nudges of busy partitions. */
  readonly upkeep: LambdaFn
  readonly nudges: Nudges
  readonly #isSigned: boolean

  constructor(scope: Construct, id: string, { storage, ...settings }: StratalogServiceProps) {
    super(scope, id)
    this.handlers = createHandlers(this, handlersOf(settings), storage, settings)
    this.keyMaker = this.handlers.kind === "combined" ? this.handlers.api : this.handlers.admin
    const { lambda, schedule } = createUpkeep(this, storage, settings)
    this.upkeep = lambda
    const publisher = appender(this.handlers)
    const { encryptionKey } = storage
    this.nudges = openNudges(this, { publisher, upkeep: this.upkeep, encryptionKey })
    this.frontDoor = openFrontDoor(this, this.handlers, settings)
    this.url = this.frontDoor.url
    this.news = settings.news === true ? openNews(this, publisher, encryptionKey) : undefined
    this.#isSigned = isSigned(settings)
    const warning = warningOf(settings)
    if (warning !== undefined) Annotations.of(this).addWarningV2("stratalog-cdk:open", warning)
    watchService(this, { service: this, storage, schedule }, settings)
  }

  /** Lets somebody append who signs: to these topics and nothing else, or to all, which it may read then, too. */
  grantProduce(grantee: IGrantable, ...topics: readonly string[]): Grant {
    return this.#signed().grantCalls(grantee, producingCalls(topics))
  }

  /** Lets somebody read who signs, all topics and in any group. */
  grantConsume(grantee: IGrantable): Grant {
    return this.#signed().grantCalls(grantee, CONSUMING_CALLS)
  }

  /** Lets somebody do everything who signs. */
  grantAdmin(grantee: IGrantable): Grant {
    return this.#signed().grantCalls(grantee)
  }

  /** Whoever grants what gives nothing would find out when it is missing. */
  #signed(): FrontDoor {
    if (!this.#isSigned) throw new Error("Nobody signs here: choose auth iam or both to grant calls to a role.")
    return this.frontDoor
  }
}
