/** The checks of a binary record batch that a producer sent: Kafka's LogValidator, for magic 2. */
import type { EffectiveTopicConfig } from "stratalog/protocol"
import {
  type BatchCodecs,
  type BatchHeader,
  inspectRecords,
  RecordBatchError,
  type RecordsSummary,
  readBatchHeader,
  setLogAppendTime,
  setMaxTimestamp,
  verifyBatch,
} from "stratalog/record-batch"
import type { AppendEntry, Awaitable } from "../ports.ts"

export type RefusedBatch = { readonly kind: "corrupt_batch" | "invalid_batch"; readonly detail: string }

export type CheckedBatch = { readonly kind: "checked"; readonly entry: AppendEntry } | RefusedBatch

/** What the checks depend on beside the batch. */
export interface BatchRules {
  readonly config: EffectiveTopicConfig
  readonly codecs: BatchCodecs
  readonly maxDecompressedBytes: number
  /** Epoch milliseconds, for topics whose records get the log's time. */
  readonly now: number
}

/** The entry to append, or why the batch is refused. Answers at once where the batch is not compressed. */
export function checkProducedBatch(bytes: Uint8Array, rules: BatchRules): Awaitable<CheckedBatch> {
  try {
    const header = readBatchHeader(bytes)
    if (header.sizeInBytes < bytes.length) {
      return invalid(
        `The body holds ${bytes.length} bytes, its first batch ${header.sizeInBytes}: send one record batch a request.`,
      )
    }
    verifyBatch(bytes, rules.codecs.crc32c)
    const broken = brokenHeaderRule(header)
    if (broken !== undefined) return invalid(broken)
    const summary = inspectRecords(bytes, header, rules.codecs, rules.maxDecompressedBytes)
    return summary instanceof Promise
      ? summary.then((found) => accept(bytes, header, found, rules), refused)
      : accept(bytes, header, summary, rules)
  } catch (error) {
    return refused(error)
  }
}

function brokenHeaderRule(header: BatchHeader): string | undefined {
  if (header.recordCount < 1) return "The batch holds no records."
  if (header.recordCount !== header.lastOffsetDelta + 1) {
    return `The batch says ${header.recordCount} records and a last offset delta of ${header.lastOffsetDelta}: a produced batch has dense offsets.`
  }
  if (header.control) return "Control batches are the log's own; a producer cannot send them."
  if (header.transactional) return "Transactions are not supported: send the batch without the transactional flag."
  if (header.logAppendTime) {
    return "The timestamp type LogAppendTime is the log's to set: send CreateTime (attribute bit 3 clear)."
  }
  if (header.hasDeleteHorizon) return "The delete horizon flag (attribute bit 6) is the log's to set."
  if (header.producerId >= 0 && header.baseSequence < 0)
    return "A batch with a producer id needs a base sequence from 0 on."
  if (header.producerId >= 0 && header.producerEpoch < 0) return "A batch with a producer id needs an epoch from 0 on."
  return undefined
}

function accept(bytes: Uint8Array, header: BatchHeader, summary: RecordsSummary, rules: BatchRules): CheckedBatch {
  if (summary.nullKeys > 0 && isCompacted(rules.config)) return keyless(summary.nullKeys)
  const logAppendTime = rules.config["message.timestamp.type"] === "LogAppendTime"
  const maxTimestamp = logAppendTime ? rules.now : summary.maxTimestamp
  return {
    kind: "checked",
    entry: {
      batch: restamp(bytes, header, maxTimestamp, logAppendTime, rules.codecs),
      recordCount: header.recordCount,
      maxTimestamp,
      ...(header.producerId >= 0 && {
        producer: { id: header.producerId, epoch: header.producerEpoch, sequence: header.baseSequence },
      }),
    },
  }
}

/** The only reasons to change a producer's bytes: the log's own time, and a maximum timestamp that is not the records'. */
function restamp(
  bytes: Uint8Array,
  header: BatchHeader,
  maxTimestamp: number,
  logAppendTime: boolean,
  codecs: BatchCodecs,
): Uint8Array {
  if (logAppendTime) return setLogAppendTime(bytes, maxTimestamp, codecs.crc32c)
  return header.maxTimestamp === maxTimestamp ? bytes : setMaxTimestamp(bytes, maxTimestamp, codecs.crc32c)
}

export function isCompacted(config: EffectiveTopicConfig): boolean {
  return config["cleanup.policy"] !== "delete"
}

export function keyless(count: number): RefusedBatch {
  return invalid(`The topic is compacted by key, and ${count} of the records have none: give every record a key.`)
}

function invalid(detail: string): RefusedBatch {
  return { kind: "invalid_batch", detail }
}

function refused(error: unknown): RefusedBatch {
  if (!(error instanceof RecordBatchError)) throw error
  return { kind: "corrupt_batch", detail: error.message }
}
