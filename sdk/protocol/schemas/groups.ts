/** Committed offsets, lag, resets and descriptions of consumer groups. */
import * as z from "zod"
import { limits } from "../limits.ts"
import {
  count,
  duration,
  groupName,
  nextCursor,
  offset,
  pageQuery,
  partitionNumber,
  timestamp,
  topicName,
} from "./fields.ts"
import { assignor, memberAnswer, memberEpoch, memberId, topicId, topicPartitions } from "./group-members.ts"

const at = { topic: topicName, partition: partitionNumber }

const resetTo = {
  to: z.enum(["earliest", "latest"]).optional(),
  offset: offset.optional(),
  timestamp: timestamp.optional().describe("The first record that is so old or younger"),
  by: duration.optional().describe("So long ago: the first record that is so old or younger"),
  shift: z.int().optional().describe("So many records on, or back where negative"),
}

export const resetOffsetsBody = z
  .strictObject({
    ...resetTo,
    topics: z
      .array(z.strictObject({ topic: topicName, partitions: z.array(partitionNumber).min(1).optional() }))
      .min(1)
      .max(limits.maxSubscriptions)
      .optional()
      .describe("Which topics, and which partitions of them. Absent: all that the group committed for"),
    execute: z.boolean().optional().describe("Do it. Default false: only show what would be done"),
  })
  .refine(
    (body) => Object.keys(resetTo).filter((name) => Object.hasOwn(body, name)).length === 1,
    "say where to: exactly one of to, offset, timestamp, by, shift",
  )

export const resetOffsets = z.object({
  executed: z.boolean(),
  offsets: z.array(z.object({ ...at, committedOffset: offset.nullable(), newOffset: offset })),
})

export const commitOffsetsBody = z.strictObject({
  offsets: z
    .array(
      z.strictObject({
        ...at,
        topicId: topicId.optional(),
        offset: offset.describe("The next offset to read"),
        metadata: z.string().max(limits.maxMetadataBytes).optional(),
      }),
    )
    .min(1)
    .max(limits.maxCommits),
  memberId: memberId.optional().describe("Who commits; absent: nobody, which only a group without members takes"),
  memberEpoch: memberEpoch.optional().describe("The member's epoch; with `memberId`"),
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
      memberId: memberId.nullable().describe("Who reads it; null: nobody"),
    }),
  ),
  totalLag: count.describe("The sum of those that are known"),
})

export const listGroupsQuery = z.strictObject(pageQuery)
export const groupList = z.object({ groups: z.array(z.object({ group: groupName })), nextCursor })
export const groupDescription = z.object({
  group: groupName,
  state: z
    .enum(["Empty", "Reconciling", "Stable"])
    .describe(
      "Empty: no members. Reconciling: partitions are on their way from one member to another. Stable: all is at rest",
    ),
  epoch: count.describe("Counts the changes of its membership and assignment"),
  assignor: assignor.nullable().describe("The one in use; null without members"),
  topics: z.array(topicName).describe("Topics with committed offsets or members that read them"),
  members: z.array(
    z.object({
      memberId,
      instanceId: memberId.optional(),
      memberEpoch: memberAnswer.memberEpoch,
      sessionTimeout: count.describe("Milliseconds"),
      lastSeen: timestamp.describe("When its last request came, epoch milliseconds"),
      topics: z.array(z.string()).describe("What it subscribes to"),
      assignment: z.array(topicPartitions).describe("What it may read"),
      revoking: z.array(topicPartitions).describe("What it still has to give up"),
    }),
  ),
})

export type CommitOffsetsBody = z.infer<typeof commitOffsetsBody>
export type CommittedOffsets = z.infer<typeof committedOffsets>
export type GroupLag = z.infer<typeof groupLag>
export type GroupList = z.infer<typeof groupList>
export type GroupDescription = z.infer<typeof groupDescription>
export type ResetOffsetsBody = z.infer<typeof resetOffsetsBody>
export type ResetOffsets = z.infer<typeof resetOffsets>
