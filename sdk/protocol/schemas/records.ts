/** Records in JSON: what producers send and what a fetch answers. */
import * as z from "zod/mini"
import { limits } from "../limits.ts"
import { described } from "./documented.ts"
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
export const headers = described(
  z.array(z.tuple([z.string().check(z.maxLength(32_767)), headerValue])),
  "An ordered list of [name, value]; names may repeat",
)

export const recordInput = z.strictObject({
  key: described(z.optional(z.unknown()), "In `keyFormat`; absent or null: no key"),
  value: described(z.unknown(), "In `valueFormat`; null: a tombstone"),
  headers: z.optional(headers),
  timestamp: described(z.optional(timestamp), "Epoch milliseconds; absent: the time of arrival"),
})

export const routedRecordInput = z.extend(recordInput, {
  partition: described(z.optional(partitionNumber), "Where the record goes, whatever its key"),
})

export const producer = described(
  z.strictObject({
    id: z.int().check(z.gte(0)),
    epoch: z.int().check(z.gte(0), z.lte(32_767)),
    sequence: described(
      z.int().check(z.gte(0), z.lte(2 ** 31 - 1)),
      "The sequence of the first record; each record takes one",
    ),
  }),
  "Makes the append idempotent: sent twice, it is appended once",
)

export const conditions = {
  matchOffset: described(z.optional(offset), "Append only if the first record gets exactly this offset"),
  fencingToken: described(
    z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
    "Append only if this is the partition's fencing token",
  ),
}

const formats = {
  keyFormat: described(z.optional(valueFormat), "How keys stand in JSON; default utf8"),
  valueFormat: described(z.optional(valueFormat), "How values stand in JSON; default json"),
}

export const produceToTopicBody = z.strictObject({
  records: z.array(routedRecordInput).check(z.minLength(1)),
  ...formats,
})

export const produceToPartitionBody = z.strictObject({
  records: z.array(recordInput).check(z.minLength(1)),
  ...formats,
  ...conditions,
  producer: z.optional(producer),
})

export const produceManyBody = z.strictObject({
  entries: z
    .array(
      z.strictObject({
        topic: topicName,
        partition: partitionNumber,
        records: z.optional(z.array(recordInput).check(z.minLength(1))),
        batch: described(z.optional(z.base64()), "One binary record batch, instead of `records`"),
        ...formats,
        ...conditions,
        producer: described(z.optional(producer), "With `records`; a batch carries its own"),
      }),
    )
    .check(z.minLength(1), z.maxLength(limits.maxEntries)),
})

export const produceQuery = z.strictObject({
  matchOffset: z.optional(integerText(offset)),
  fencingToken: conditions.fencingToken,
})

/** An append that succeeded. */
export const produced = z.object({
  partition: partitionNumber,
  baseOffset: described(
    z.optional(offset),
    "The offset of the first record; absent for a duplicate that is older than what the log remembers",
  ),
  count: z.int().check(z.gte(1)),
  timestamp: described(timestamp, "The greatest timestamp of the records"),
  duplicate: described(z.optional(z.literal(true)), "The records were appended by an earlier request of this producer"),
})

export const fetchQuery = z.strictObject({
  offset: described(
    z.optional(z.union([z.enum(["earliest", "latest"]), integerText(offset)])),
    "The first offset to read, or earliest, or latest; default earliest",
  ),
  timestamp: described(z.optional(integerText(timestamp)), "Start at the first record that is this old or younger"),
  tail: described(z.optional(integerText(z.int().check(z.gte(0)))), "Start so many records before the end"),
  limit: described(
    z.optional(integerText(z.int().check(z.gte(1), z.lte(limits.maxFetchRecords)))),
    "The most records; JSON only",
  ),
  maxBytes: described(
    z.optional(integerText(z.int().check(z.gte(1), z.lte(limits.maxFetchBytes)))),
    "The most bytes of stored batches; the first batch is given whatever its size",
  ),
  minBytes: described(
    z.optional(integerText(z.int().check(z.gte(0), z.lte(limits.maxFetchBytes)))),
    "Wait for so many bytes; default 1",
  ),
  wait: described(z.optional(durationText), "How long to wait for `minBytes`; default 0"),
  ...formats,
})

export const fetchManyBody = z.strictObject({
  partitions: z
    .array(
      z.strictObject({
        topic: topicName,
        partition: partitionNumber,
        offset: z.optional(z.union([z.enum(["earliest", "latest"]), offset])),
        timestamp: z.optional(timestamp),
        tail: z.optional(z.int().check(z.gte(0))),
      }),
    )
    .check(z.minLength(1), z.maxLength(limits.maxEntries)),
  limit: z.optional(z.int().check(z.gte(1), z.lte(limits.maxFetchRecords))),
  maxBytes: z.optional(z.int().check(z.gte(1), z.lte(limits.maxFetchBytes))),
  minBytes: z.optional(z.int().check(z.gte(0), z.lte(limits.maxFetchBytes))),
  wait: z.optional(duration),
  ...formats,
})

/** A record as a fetch answers it. */
export const fetchedRecord = z.object({
  offset,
  timestamp,
  key: described(z.unknown(), "In `keyFormat`; null: no key"),
  value: described(z.unknown(), "In `valueFormat`; null: a tombstone"),
  headers: z.optional(headers),
  keyEncoding: described(z.optional(z.literal("base64")), "The key's bytes do not decode in `keyFormat`"),
  valueEncoding: described(z.optional(z.literal("base64")), "The value's bytes do not decode in `valueFormat`"),
})

export const fetched = z.object({
  records: z.array(fetchedRecord),
  nextOffset: described(offset, "Where to go on"),
  highWatermark: described(offset, "The offset of the next record to be written"),
  logStartOffset: described(offset, "The first offset that can be read"),
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
