/** Committed offsets of consumer groups, their lag, and resets. */
import * as z from "zod/mini"
import { limits } from "../limits.ts"
import { described } from "./documented.ts"
import { at, count, duration, offset, partitionNumber, timestamp, topicName } from "./fields.ts"
import { memberEpoch, memberId, topicId } from "./members.ts"

const resetTo = {
  to: z.optional(z.enum(["earliest", "latest"])),
  offset: z.optional(offset),
  timestamp: described(z.optional(timestamp), "The first record that is so old or younger"),
  by: described(z.optional(duration), "So long ago: the first record that is so old or younger"),
  shift: described(z.optional(z.int()), "So many records on, or back where negative"),
}

export const resetOffsetsBody = z
  .strictObject({
    ...resetTo,
    topics: described(
      z.optional(
        z
          .array(
            z.strictObject({
              topic: topicName,
              partitions: z.optional(z.array(partitionNumber).check(z.minLength(1), z.maxLength(limits.maxPartitions))),
            }),
          )
          .check(z.minLength(1), z.maxLength(limits.maxSubscriptions)),
      ),
      "Which topics, and which partitions of them. Absent: all that the group committed for",
    ),
    execute: described(z.optional(z.boolean()), "Do it. Default false: only show what would be done"),
  })
  .check(
    z.refine(
      (body) => Object.keys(resetTo).filter((name) => Object.hasOwn(body, name)).length === 1,
      "say where to: exactly one of to, offset, timestamp, by, shift",
    ),
  )

export const resetOffsets = z.object({
  executed: z.boolean(),
  offsets: z.array(z.object({ ...at, committedOffset: z.nullable(offset), newOffset: offset })),
})

export const commitOffsetsBody = z.strictObject({
  offsets: z
    .array(
      z.strictObject({
        ...at,
        topicId: z.optional(topicId),
        offset: described(offset, "The next offset to read"),
        metadata: z.optional(z.string().check(z.maxLength(limits.maxMetadataBytes))),
      }),
    )
    .check(z.minLength(1), z.maxLength(limits.maxCommits)),
  memberId: described(z.optional(memberId), "Who commits; absent: nobody, which only a group without members takes"),
  memberEpoch: described(z.optional(memberEpoch), "The member's epoch; with `memberId`"),
})

const committed = z.object({ ...at, offset, metadata: z.string(), committedAt: timestamp })
export const committedOffsets = z.object({ offsets: z.array(committed) })
export const committedOffsetsQuery = z.strictObject({ topic: described(z.optional(topicName), "Only this topic") })

export const groupLag = z.object({
  partitions: z.array(
    z.object({
      ...at,
      committedOffset: z.nullable(offset),
      logStartOffset: offset,
      highWatermark: offset,
      lag: described(
        z.nullable(count),
        "Records between the committed offset and the high watermark that can still be read; null where none is committed",
      ),
      memberId: described(z.nullable(memberId), "Who reads it; null: nobody"),
    }),
  ),
  totalLag: described(count, "The sum of those that are known"),
})

export type CommitOffsetsBody = z.infer<typeof commitOffsetsBody>
export type CommittedOffsets = z.infer<typeof committedOffsets>
export type GroupLag = z.infer<typeof groupLag>
export type ResetOffsetsBody = z.infer<typeof resetOffsetsBody>
export type ResetOffsets = z.infer<typeof resetOffsets>
