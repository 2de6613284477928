/** Committed offsets and lag of consumer groups. */
import * as z from "zod"
import { limits } from "../limits.ts"
import { count, groupName, nextCursor, offset, pageQuery, partitionNumber, timestamp, topicName } from "./fields.ts"

const at = { topic: topicName, partition: partitionNumber }

export const commitOffsetsBody = z.strictObject({
  offsets: z
    .array(
      z.strictObject({
        ...at,
        offset: offset.describe("The next offset to read"),
        metadata: z.string().max(limits.maxMetadataBytes).optional(),
      }),
    )
    .min(1)
    .max(limits.maxCommits),
})

const committed = z.object({ ...at, offset, metadata: z.string(), committedAt: timestamp })
export const committedOffsets = z.object({ offsets: z.array(committed) })
export const committedOffsetsQuery = z.strictObject({ topic: topicName.optional().describe("Only this topic") })

export const groupLag = z.object({
  partitions: z.array(
    z.object({
      ...at,
      committedOffset: offset.nullable(),
      logStartOffset: offset,
      highWatermark: offset,
      lag: count
        .nullable()
        .describe(
          "Records between the committed offset and the high watermark that can still be read; null where none is committed",
        ),
    }),
  ),
  totalLag: count.describe("The sum of those that are known"),
})

export const listGroupsQuery = z.strictObject(pageQuery)
export const groupList = z.object({ groups: z.array(z.object({ group: groupName })), nextCursor })
export const groupDescription = z.object({
  group: groupName,
  state: z.enum(["Empty"]).describe("Empty: it has committed offsets and no members"),
  topics: z.array(topicName).describe("Topics with committed offsets"),
})

export type CommitOffsetsBody = z.infer<typeof commitOffsetsBody>
export type CommittedOffsets = z.infer<typeof committedOffsets>
export type GroupLag = z.infer<typeof groupLag>
export type GroupList = z.infer<typeof groupList>
export type GroupDescription = z.infer<typeof groupDescription>
