/** Records in JSON: what producers send and what a fetch answers. */
import * as z from "zod"
import { limits } from "../limits.ts"
import {
  duration,
  durationText,
  integerText,
  offset,
  partitionNumber,
  timestamp,
  topicName,
  valueFormat,
} from "./fields.ts"

/** Text, null, or bytes that are no text. */
export const headerValue = z.union([z.string(), z.null(), z.strictObject({ base64: z.base64() })])
export const headers = z
  .array(z.tuple([z.string().max(32_767), headerValue]))
  .describe("An ordered list of [name, value]; names may repeat")

export const recordInput = z.strictObject({
  key: z.unknown().optional().describe("In `keyFormat`; absent or null: no key"),
  value: z.unknown().describe("In `valueFormat`; null: a tombstone"),
  headers: headers.optional(),
  timestamp: timestamp.optional().describe("Epoch milliseconds; absent: the time of arrival"),
})

export const routedRecordInput = recordInput.extend({
  partition: partitionNumber.optional().describe("Where the record goes, whatever its key"),
})

export const producer = z
  .strictObject({
    id: z.int().min(0),
    epoch: z.int().min(0).max(32_767),
    sequence: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .describe("The sequence of the first record; each record takes one"),
  })
  .describe("Makes the append idempotent: sent twice, it is appended once")

export const conditions = {
  matchOffset: offset.optional().describe("Append only if the first record gets exactly this offset"),
  fencingToken: z.string().min(1).max(256).optional().describe("Append only if this is the partition's fencing token"),
}

const formats = {
  keyFormat: valueFormat.optional().describe("How keys stand in JSON; default utf8"),
  valueFormat: valueFormat.optional().describe("How values stand in JSON; default json"),
}

export const produceToTopicBody = z.strictObject({ records: z.array(routedRecordInput).min(1), ...formats })

export const produceToPartitionBody = z.strictObject({
  records: z.array(recordInput).min(1),
  ...formats,
  ...conditions,
  producer: producer.optional(),
})

export const produceManyBody = z.strictObject({
  entries: z
    .array(
      z.strictObject({
        topic: topicName,
        partition: partitionNumber,
        records: z.array(recordInput).min(1).optional(),
        batch: z.base64().optional().describe("One binary record batch, instead of `records`"),
        ...formats,
        ...conditions,
        producer: producer.optional().describe("With `records`; a batch carries its own"),
      }),
    )
    .min(1)
    .max(limits.maxEntries),
})

export const produceQuery = z.strictObject({
  matchOffset: integerText(offset).optional(),
  fencingToken: conditions.fencingToken,
})

/** An append that succeeded. */
export const produced = z.object({
  partition: partitionNumber,
  baseOffset: offset
    .optional()
    .describe("The offset of the first record; absent for a duplicate that is older than what the log remembers"),
  count: z.int().min(1),
  timestamp: timestamp.describe("The greatest timestamp of the records"),
  duplicate: z.literal(true).optional().describe("The records were appended by an earlier request of this producer"),
})

export const fetchQuery = z.strictObject({
  offset: z
    .union([z.enum(["earliest", "latest"]), integerText(offset)])
    .optional()
    .describe("The first offset to read, or earliest, or latest; default earliest"),
  timestamp: integerText(timestamp).optional().describe("Start at the first record that is this old or younger"),
  tail: integerText(z.int().min(0)).optional().describe("Start so many records before the end"),
  limit: integerText(z.int().min(1).max(limits.maxFetchRecords)).optional().describe("The most records; JSON only"),
  maxBytes: integerText(z.int().min(1).max(limits.maxFetchBytes))
    .optional()
    .describe("The most bytes of stored batches; the first batch is given whatever its size"),
  minBytes: integerText(z.int().min(0).max(limits.maxFetchBytes))
    .optional()
    .describe("Wait for so many bytes; default 1"),
  wait: durationText.optional().describe("How long to wait for `minBytes`; default 0"),
  ...formats,
})

export const fetchManyBody = z.strictObject({
  partitions: z
    .array(
      z.strictObject({
        topic: topicName,
        partition: partitionNumber,
        offset: z.union([z.enum(["earliest", "latest"]), offset]).optional(),
        timestamp: timestamp.optional(),
        tail: z.int().min(0).optional(),
      }),
    )
    .min(1)
    .max(limits.maxEntries),
  limit: z.int().min(1).max(limits.maxFetchRecords).optional(),
  maxBytes: z.int().min(1).max(limits.maxFetchBytes).optional(),
  minBytes: z.int().min(0).max(limits.maxFetchBytes).optional(),
  wait: duration.optional(),
  ...formats,
})

/** A record as a fetch answers it. */
export const fetchedRecord = z.object({
  offset,
  timestamp,
  key: z.unknown().describe("In `keyFormat`; null: no key"),
  value: z.unknown().describe("In `valueFormat`; null: a tombstone"),
  headers: headers.optional(),
  keyEncoding: z.literal("base64").optional().describe("The key's bytes do not decode in `keyFormat`"),
  valueEncoding: z.literal("base64").optional().describe("The value's bytes do not decode in `valueFormat`"),
})

export const fetched = z.object({
  records: z.array(fetchedRecord),
  nextOffset: offset.describe("Where to go on"),
  highWatermark: offset.describe("The offset of the next record to be written"),
  logStartOffset: offset.describe("The first offset that can be read"),
})

export type HeaderValue = z.infer<typeof headerValue>
export type RecordInput = z.infer<typeof recordInput>
export type RoutedRecordInput = z.infer<typeof routedRecordInput>
export type ProducerInput = z.infer<typeof producer>
export type ProduceToTopicBody = z.infer<typeof produceToTopicBody>
export type ProduceToPartitionBody = z.infer<typeof produceToPartitionBody>
export type ProduceManyBody = z.infer<typeof produceManyBody>
export type ProduceQuery = z.infer<typeof produceQuery>
export type Produced = z.infer<typeof produced>
export type FetchQuery = z.infer<typeof fetchQuery>
export type FetchManyBody = z.infer<typeof fetchManyBody>
export type FetchedRecord = z.infer<typeof fetchedRecord>
export type Fetched = z.infer<typeof fetched>
