/** What a consumer that runs as a Lambda function is told. */
import type { ConsumerBatch, ConsumerOptions, ConsumerRecord, DataFormat, RetryPolicy } from "../client/index.ts"

/** Records of one partition, in their order. */
export type LambdaBatch<K, V> = Pick<ConsumerBatch<K, V>, "topic" | "partition"> & {
  readonly records: readonly ConsumerRecord<K, V>[]
}

export interface LambdaBatchContext {
  /** Aborts when the function's time is nearly over or the partition went to another member: stop, and let it be read again. */
  readonly signal: AbortSignal
  /** Which attempt at the first of these records this is, from 1. */
  readonly attempt: number
}

/**
 * What could not be processed, in the words of Lambda's event sources: each `itemIdentifier` is a record's offset. All
 * before the lowest of them count as processed; it and what follows are handed out again.
 */
export interface BatchFailures {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string | number }[]
}

type ReadingOptions<KF extends DataFormat, VF extends DataFormat> = Omit<
  ConsumerOptions<undefined, undefined, KF, VF>,
  "signal" | "autoCommit" | "enableAutoCommit" | "autoCommitIntervalMs" | "fetchMaxWaitMs"
>

export type LambdaConsumerOptions<
  K,
  V,
  KF extends DataFormat = DataFormat,
  VF extends DataFormat = DataFormat,
> = ReadingOptions<KF, VF> & {
  /**
   * Called for each batch of up to `maxPollRecords` records. It may be called again with the same records, after a crash for
   * example: at least once. What it throws is the failure of its first record.
   */
  readonly eachBatch: (
    batch: LambdaBatch<K, V>,
    context: LambdaBatchContext,
  ) => BatchFailures | undefined | Promise<BatchFailures | undefined>
  /** How many partitions are processed at once. Default 1. */
  readonly concurrency?: number | undefined
  /** How often a record that fails is tried in one invocation, and the pauses between. Default: 3 times, 100 ms doubling up to 5 s. */
  readonly retry?: Partial<RetryPolicy> | undefined
  /**
   * Where a record goes that failed as often as that, with the reason in its headers. Absent: its partition stays there, to
   * be tried by the next invocation, while others go on.
   */
  readonly deadLetterTopic?: string | undefined
  /** The function ends when no record came for so long, milliseconds. Default 1,000. */
  readonly idleMs?: number | undefined
  /** It begins to end so long before the function's time is over, milliseconds. Default 5,000: enough to commit and leave. */
  readonly timeToEndMs?: number | undefined
  /** Gets what happened, once an invocation. Default: a line of JSON on standard error where something failed. */
  readonly report?: ((event: Readonly<Record<string, unknown>>) => void) | undefined
}
