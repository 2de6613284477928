/** What is looked at. */
import type { Duration } from "aws-cdk-lib"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { IQueue } from "aws-cdk-lib/aws-sqs"
import type { EntryName } from "../entries.ts"
import type { DoorMetrics } from "../front-door/metrics.ts"
import type { LogStorage } from "../storage.ts"

export interface WatchedFunction {
  readonly entry: EntryName
  readonly lambda: LambdaFn
  readonly timeout: Duration
}

export interface Watched {
  readonly storage: LogStorage
  /** Those that answer requests, and upkeep. */
  readonly functions: readonly WatchedFunction[]
  /** One, or one for signatures and one for keys. */
  readonly doors: readonly DoorMetrics[]
  /** By which upkeep is called the most often. */
  readonly schedule: { readonly ruleName: string; readonly every: Duration }
  readonly deadLetters: IQueue
}
