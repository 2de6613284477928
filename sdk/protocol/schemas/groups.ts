/** Consumer groups as a whole. */
import * as z from "zod/mini"
import { described } from "./documented.ts"
import { count, groupName, nextCursor, pageQuery, timestamp, topicName } from "./fields.ts"
import { assignor, memberAnswer, memberId, topicPartitions } from "./members.ts"

export const groupParams = z.strictObject({ group: groupName })

export const listGroupsQuery = z.strictObject(pageQuery)
export const groupList = z.object({ groups: z.array(z.object({ group: groupName })), nextCursor })
export const groupDescription = z.object({
  group: groupName,
  state: described(
    z.enum(["Empty", "Reconciling", "Stable"]),
    "Empty: no members. Reconciling: partitions are on their way from one member to another. Stable: all is at rest",
  ),
  epoch: described(count, "Counts the changes of its membership and assignment"),
  assignor: described(z.nullable(assignor), "The one in use; null without members"),
  topics: described(z.array(topicName), "Topics with committed offsets or members that read them"),
  members: z.array(
    z.object({
      memberId,
      instanceId: z.optional(memberId),
      memberEpoch: memberAnswer.memberEpoch,
      sessionTimeout: described(count, "Milliseconds"),
      lastSeen: described(timestamp, "When its last request came, epoch milliseconds"),
      topics: described(z.array(z.string()), "What it subscribes to"),
      assignment: described(z.array(topicPartitions), "What it may read"),
      revoking: described(z.array(topicPartitions), "What it still has to give up"),
    }),
  ),
})

export type GroupList = z.infer<typeof groupList>
export type GroupDescription = z.infer<typeof groupDescription>
