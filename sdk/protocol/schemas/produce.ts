/** What producers send. */
import * as z from "zod/mini"
import { limits } from "../limits.ts"
import { described } from "./documented.ts"
import { integerText, offset, partitionNumber, timestamp, topicName } from "./fields.ts"
import { formats, headersInput } from "./records.ts"

export const recordInput = z.strictObject({
  key: described(z.optional(z.unknown()), "In `keyFormat`; absent or null: no key"),
  value: described(z.unknown(), "In `valueFormat`; null: a tombstone"),
  headers: z.optional(headersInput),
  timestamp: described(z.optional(timestamp), "Epoch milliseconds; absent: the time of arrival"),
})

export const routedRecordInput = z.extend(recordInput, {
  partition: described(z.optional(partitionNumber), "Where the record goes, whatever its key"),
})

/** As many as a request may bring. */
const bounded = <T extends z.ZodMiniType>(record: T) =>
  z.array(record).check(z.minLength(1), z.maxLength(limits.maxRecords))

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

export const produceToTopicBody = z.strictObject({
  records: bounded(routedRecordInput),
  ...formats,
})

export const produceToPartitionBody = z.strictObject({
  records: bounded(recordInput),
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
        records: z.optional(bounded(recordInput)),
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

export type RecordInput = z.infer<typeof recordInput>
export type RoutedRecordInput = z.infer<typeof routedRecordInput>
export type ProducerInput = z.infer<typeof producer>
export type ProduceToTopicBody = z.infer<typeof produceToTopicBody>
export type ProduceToPartitionBody = z.infer<typeof produceToPartitionBody>
export type ProduceManyBody = z.infer<typeof produceManyBody>
export type ProduceQuery = z.infer<typeof produceQuery>
