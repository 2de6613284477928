/** Records that arrived one by one become a record batch here, once. */
import type { EffectiveTopicConfig } from "stratalog/protocol"
import { type BatchCodecs, encodeBatch, type HeaderPair } from "stratalog/record-batch"
import type { AppendEntry, ProducerSequence } from "../ports.ts"
import { isCompacted, keyless, type RefusedBatch } from "./produced-batch.ts"

/** A record in bytes; without a timestamp it gets the time of its arrival. */
export interface UnstampedRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly HeaderPair[]
  /** Epoch milliseconds. */
  readonly timestamp?: number
}

export type EncodedRecords = { readonly kind: "checked"; readonly entry: AppendEntry } | RefusedBatch

export function encodeRecords(
  records: readonly UnstampedRecord[],
  producer: ProducerSequence | undefined,
  rules: { readonly config: EffectiveTopicConfig; readonly codecs: BatchCodecs; readonly now: number },
): EncodedRecords {
  const logAppendTime = rules.config["message.timestamp.type"] === "LogAppendTime"
  let maxTimestamp = -1
  let withoutKey = 0
  const stamped = records.map((record) => {
    const timestamp = logAppendTime ? rules.now : (record.timestamp ?? rules.now)
    maxTimestamp = Math.max(maxTimestamp, timestamp)
    if (record.key === null) withoutKey += 1
    return { key: record.key, value: record.value, timestamp, ...(record.headers && { headers: record.headers }) }
  })
  if (withoutKey > 0 && isCompacted(rules.config)) return keyless(withoutKey)
  const { crc32c, allocate } = rules.codecs
  const batch = encodeBatch({ records: stamped, logAppendTime, ...(producer && { producer }) }, crc32c, allocate)
  return {
    kind: "checked",
    entry: { batch, recordCount: records.length, maxTimestamp, ...(producer && { producer }) },
  }
}
