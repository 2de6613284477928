/** Topics, their partitions' offsets, delete-records and fences. */
import * as z from "zod"
import { limits } from "../limits.ts"
import { topicConfigPatchSchema, topicConfigSchema } from "../topic-config.ts"
import { integerText, nextCursor, offset, pageQuery, partitionNumber, timestamp, topicName } from "./fields.ts"

export const createTopicBody = z.strictObject({
  partitions: z.int().min(1).max(limits.maxPartitions).optional().describe("How many partitions; default 1"),
  config: topicConfigSchema.optional(),
})

export const alterTopicBody = z.strictObject({
  partitions: z.int().min(1).max(limits.maxPartitions).optional().describe("The new number of partitions; only more"),
  config: topicConfigPatchSchema.optional().describe("Sets values; null takes one back to its default"),
})

export const topic = z.object({
  name: topicName,
  id: z.uuid().describe("Another one each time a topic of this name is created"),
  partitions: z.int().min(1),
  config: topicConfigSchema.describe("What is in force, defaults included"),
  overrides: z.array(z.string()).describe("The names of the configuration that was set on purpose"),
  createdAt: timestamp,
})

export const listTopicsQuery = z.strictObject({ ...pageQuery, prefix: z.string().max(249).optional() })
export const topicList = z.object({ topics: z.array(topic), nextCursor })

export const offsetsQuery = z.strictObject({
  timestamp: z
    .union([z.enum(["earliest", "latest"]), integerText(timestamp)])
    .optional()
    .describe("earliest, latest, or the first offset of a record this old or younger; absent: both ends"),
  partition: integerText(partitionNumber).optional().describe("One partition instead of all"),
})

export const topicOffsets = z.object({
  offsets: z.array(
    z.object({
      partition: partitionNumber,
      logStartOffset: offset,
      highWatermark: offset,
      offset: offset.nullable().optional().describe("The answer to `timestamp`; null where no record is that young"),
      timestamp: timestamp.optional().describe("The timestamp of the record at `offset`"),
      sizeInBytes: z.int().min(0).optional().describe("Bytes of the record batches that can be read"),
    }),
  ),
})

export const deleteRecordsQuery = z.strictObject({
  before: z
    .union([z.literal("latest"), integerText(offset)])
    .describe("Records below this offset are deleted; latest: all there are"),
})
export const deletedRecords = z.object({ partition: partitionNumber, logStartOffset: offset })

const token = z.string().min(1).max(256)
export const setFenceBody = z.strictObject({
  token: token.nullable().describe("The new fencing token; null: none"),
  expected: token.nullable().optional().describe("The present token; null or absent: there is none"),
})
export const fence = z.object({ partition: partitionNumber, fencingToken: token.nullable() })

export type CreateTopicBody = z.infer<typeof createTopicBody>
export type AlterTopicBody = z.infer<typeof alterTopicBody>
export type TopicDescription = z.infer<typeof topic>
export type TopicList = z.infer<typeof topicList>
export type TopicOffsets = z.infer<typeof topicOffsets>
export type DeletedRecords = z.infer<typeof deletedRecords>
export type SetFenceBody = z.infer<typeof setFenceBody>
export type Fence = z.infer<typeof fence>
