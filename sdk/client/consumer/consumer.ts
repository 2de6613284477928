/** What a member of a consumer group can do. */
import type { TopicPartitions } from "../../protocol/schemas/members.ts"
import type { ConsumerRecord } from "../records.ts"
import type { RetryPolicy } from "../retry-policy.ts"
import type { CallOptions } from "../topics.ts"

/** Records of one partition, in their order. */
export interface ConsumerBatch<K = string | null, V = unknown> {
  readonly topic: string
  readonly partition: number
  readonly records: readonly ConsumerRecord<K, V>[]
  /** The next offset after the last of them. */
  readonly nextOffset: number
  readonly highWatermark: number
  /** Commits up to the end of this batch, now. */
  commit(options?: CallOptions): Promise<void>
}

export interface RecordContext {
  /** Aborts when the record is not this member's to process any more: whatever comes of it is not committed. */
  readonly signal: AbortSignal
  /** Which attempt this is, from 1. */
  readonly attempt: number
  /** Pauses the record's partition; the function it gives resumes it. */
  pause(): () => void
}

export interface RunSettings {
  /**
   * How many records, or batches, are processed at once. Records of one key keep their order, as do batches of one
   * partition; records without a key have none. Default 1: each partition in its order.
   */
  readonly concurrency?: number | undefined
  /** How often a handler that throws is called for the same record, and the pauses between. Default as for requests. */
  readonly retry?: Partial<RetryPolicy> | undefined
  /**
   * Where records go that cannot be processed, with the reason in their headers; then they count as processed. It has to
   * be there. Absent: `run` ends with a RecordFailedError, and nothing behind the record is committed.
   */
  readonly deadLetterTopic?: string | undefined
  /** Closes the consumer, as `close` does. */
  readonly signal?: AbortSignal | undefined
}

export type RunOptions<K = string | null, V = unknown> = RunSettings &
  (
    | {
        /** A record counts as processed when this resolves. */
        readonly eachRecord: (record: ConsumerRecord<K, V>, context: RecordContext) => void | Promise<void>
        readonly eachBatch?: undefined
      }
    | {
        /** All records of a batch count as processed when this resolves. A batch that fails is taken record by record. */
        readonly eachBatch: (batch: ConsumerBatch<K, V>, context: RecordContext) => void | Promise<void>
        readonly eachRecord?: undefined
      }
  )

export interface OffsetOfPartition {
  readonly topic: string
  readonly partition: number
  /** The next offset to read. */
  readonly offset: number
}

export interface ConsumerLag {
  readonly partitions: readonly {
    readonly topic: string
    readonly partition: number
    /** All records below it were processed; null: nothing is known of the partition yet. */
    readonly processed: number | null
    readonly highWatermark: number | null
    /** Records that are not processed yet, at most: compaction may have removed some. */
    readonly lag: number | null
  }[]
  /** The sum of those that are known. */
  readonly totalLag: number
}

/**
 * A member of a group. It joins when a loop begins, or `run`, and stays until the loop is left, the signal aborts or
 * `close` is called. One of the three ways to read it can be taken, once. What only delays it (outages, throttling,
 * restarts of the service, rebalances) it gets over by itself; what it cannot get over the loop or `run` throws.
 */
export interface Consumer<K = string | null, V = unknown> extends AsyncDisposable {
  readonly group: string
  readonly memberId: string
  /**
   * One record after another. A record counts as processed when the next one is asked for: one whose loop body throws, or
   * is left by `break`, is read again, unless `commit` was called in it. A record that does not decode is thrown as a
   * SchemaError: `run` can send it to a dead-letter topic.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<ConsumerRecord<K, V>>
  /** As above, by batches of up to `maxPollRecords` records of one partition. */
  batches(): AsyncIterableIterator<ConsumerBatch<K, V>>
  /** Calls a handler for each record or batch. Resolves once the consumer is closed. */
  run(options: RunOptions<K, V>): Promise<void>
  /** Hands out and fetches nothing of these partitions, while the member stays in the group. Absent: all it has. */
  pause(partitions?: readonly TopicPartitions[]): void
  resume(partitions?: readonly TopicPartitions[]): void
  paused(): TopicPartitions[]
  /** Reads on from there. Throws where the partition is not assigned: `onAssigned` is the place for it. */
  seek(position: OffsetOfPartition): void
  assignment(): TopicPartitions[]
  /** How far behind this member is, from the answers it had: no request is made. */
  lag(): ConsumerLag
  /**
   * Commits these offsets, durable when it resolves. Absent: whatever was processed, and in a loop what its body has in
   * hand. Offsets only move forward. Rejects with `member_fenced` where a partition is not this member's any more.
   */
  commit(offsets?: readonly OffsetOfPartition[], options?: CallOptions): Promise<void>
  /**
   * Finishes what is in hand, commits (with `autoCommit`) and leaves the group. After `timeoutMs` (default 30 s) it goes
   * without what is still in hand, which the group then reads again. Do not await it where records are processed, as it
   * waits for that: leave the loop, or abort the signal. Never rejects.
   */
  close(options?: { readonly timeoutMs?: number | undefined }): Promise<void>
}
