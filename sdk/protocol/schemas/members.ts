/** Members of consumer groups: who they are, and what they may read. */
import * as z from "zod/mini"
import { LEGAL_NAME, NAME_RULE } from "../names.ts"
import { described } from "./documented.ts"
import { ENDING, partitionNumber, topicName } from "./fields.ts"

export const memberId = described(
  z.string().check(z.regex(LEGAL_NAME, `must be ${NAME_RULE}`)),
  "The member's id, chosen by the client: a UUID, so that no two have the same",
)
export const memberEpoch = z.int().check(z.gte(1))

export const assignors = ["uniform", "range", "roundrobin"] as const
export const assignor = described(
  z.enum(assignors),
  "How partitions are shared out: uniform (the default: evenly, moving as few as possible), range, roundrobin. " +
    "Members that differ: the one that most of them want",
)

/** Partitions by topic. */
export const topicPartitions = z.object({ topic: topicName, partitions: z.array(partitionNumber) })
export const topicId = described(
  z.uuid({ error: "must be a UUID", ...ENDING }),
  "The topic's id: another one where it was deleted and made again",
)
/** Partitions by topic, with the topic's id. */
export const assignedTopic = z.extend(topicPartitions, { topicId })
/** What both answer. */
export const memberAnswer = {
  memberId,
  memberEpoch: described(z.int().check(z.gte(0)), "Commit under it. It changes when the assignment does"),
  heartbeatInterval: described(
    z.int().check(z.gte(1)),
    "Send the next request within so many milliseconds (heartbeat.interval.ms)",
  ),
  assignment: described(
    z.array(assignedTopic),
    "All that the member may read now. It stops reading anything else at once",
  ),
}
export type Assignor = z.infer<typeof assignor>
export type AssignedTopic = z.infer<typeof assignedTopic>
export type TopicPartitions = z.infer<typeof topicPartitions>
