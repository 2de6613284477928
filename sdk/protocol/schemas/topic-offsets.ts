/** The offsets of a topic's partitions. */
import * as z from "zod/mini"
import { described } from "./documented.ts"
import { integerText, offset, partitionNumber, timestamp } from "./fields.ts"

export const offsetsQuery = z.strictObject({
  timestamp: described(
    z.optional(z.union([z.enum(["earliest", "latest"]), integerText(timestamp)])),
    "earliest, latest, or the first offset of a record this old or younger; absent: both ends",
  ),
  partition: described(z.optional(integerText(partitionNumber)), "One partition instead of all"),
})

export const topicOffsets = z.object({
  offsets: z.array(
    z.object({
      partition: partitionNumber,
      logStartOffset: offset,
      highWatermark: offset,
      offset: described(
        z.optional(z.nullable(offset)),
        "The answer to `timestamp`; null where no record is that young",
      ),
      timestamp: described(z.optional(timestamp), "The timestamp of the record at `offset`"),
      sizeInBytes: described(z.optional(z.int().check(z.gte(0))), "Bytes of the record batches that can be read"),
    }),
  ),
})

export type TopicOffsets = z.infer<typeof topicOffsets>
