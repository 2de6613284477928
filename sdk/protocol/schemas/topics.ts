/** Topics, delete-records and fences. */
import * as z from "zod/mini"
import { limits } from "../limits.ts"
import { topicConfigPatchSchema, topicConfigSchema } from "../topic-config.ts"
import { described } from "./documented.ts"
import { integerText, nextCursor, offset, pageQuery, partitionNumber, timestamp, topicName } from "./fields.ts"

export const createTopicBody = z.strictObject({
  partitions: described(
    z.optional(z.int().check(z.gte(1), z.lte(limits.maxPartitions))),
    "How many partitions; default 1",
  ),
  config: z.optional(topicConfigSchema),
})

export const alterTopicBody = z.strictObject({
  partitions: described(
    z.optional(z.int().check(z.gte(1), z.lte(limits.maxPartitions))),
    "The new number of partitions; only more",
  ),
  config: described(z.optional(topicConfigPatchSchema), "Sets values; null takes one back to its default"),
})

export const topic = z.object({
  name: topicName,
  id: described(z.uuid("must be a UUID"), "Another one each time a topic of this name is created"),
  partitions: z.int().check(z.gte(1)),
  config: described(topicConfigSchema, "What is in force, defaults included"),
  overrides: described(z.array(z.string()), "The names of the configuration that was set on purpose"),
  createdAt: timestamp,
})

export const listTopicsQuery = z.strictObject({ ...pageQuery, prefix: z.optional(z.string().check(z.maxLength(249))) })
export const topicList = z.object({ topics: z.array(topic), nextCursor })

export const deleteRecordsQuery = z.strictObject({
  before: described(
    z.union([z.literal("latest"), integerText(offset)]),
    "Records below this offset are deleted; latest: all there are",
  ),
})
export const deletedRecords = z.object({ partition: partitionNumber, logStartOffset: offset })

const token = z.string().check(z.minLength(1), z.maxLength(256))
export const setFenceBody = z.strictObject({
  token: described(z.nullable(token), "The new fencing token; null: none"),
  expected: described(z.optional(z.nullable(token)), "The present token; null or absent: there is none"),
})
export const fence = z.object({ partition: partitionNumber, fencingToken: z.nullable(token) })

export type CreateTopicBody = z.infer<typeof createTopicBody>
export type AlterTopicBody = z.infer<typeof alterTopicBody>
export type TopicDescription = z.infer<typeof topic>
export type TopicList = z.infer<typeof topicList>

export type DeletedRecords = z.infer<typeof deletedRecords>
export type SetFenceBody = z.infer<typeof setFenceBody>
export type Fence = z.infer<typeof fence>
