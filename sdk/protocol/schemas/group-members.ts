/** Members of consumer groups: what heartbeat and poll ask and answer. */
import * as z from "zod"
import { limits } from "../limits.ts"
import { LEGAL_NAME, NAME_RULE } from "../names.ts"
import { count, duration, offset, partitionNumber, topicName, valueFormat } from "./fields.ts"
import { problemSchema } from "./problem.ts"
import { fetched } from "./records.ts"

const at = { topic: topicName, partition: partitionNumber }

export const memberId = z
  .string()
  .regex(LEGAL_NAME, `must be ${NAME_RULE}`)
  .describe("The member's id, chosen by the client: a UUID, so that no two have the same")
export const memberEpoch = z.int().min(1)

export const assignors = ["uniform", "range", "roundrobin"] as const
export const assignor = z
  .enum(assignors)
  .describe(
    "How partitions are shared out: uniform (the default: evenly, moving as few as possible), range, roundrobin. " +
      "Members that differ: the one that most of them want",
  )

/** Partitions by topic. */
export const topicPartitions = z.object({ topic: topicName, partitions: z.array(partitionNumber) })
export const topicId = z.uuid().describe("The topic's id: another one where it was deleted and made again")
/** Partitions by topic, with the topic's id. */
export const assignedTopic = topicPartitions.extend({ topicId })
/** As many as a group can have: a pattern takes in any number of topics. */
const MOST_PARTITIONS = 15 * limits.maxPartitions
const namedPartitions = z
  .array(
    z.strictObject({
      topic: topicName,
      topicId: topicId.optional(),
      partitions: z.array(partitionNumber).max(limits.maxPartitions),
    }),
  )
  .max(MOST_PARTITIONS)

const subscription = z
  .string()
  .min(1)
  .max(249)
  .refine(
    (text) => text.startsWith("^") || LEGAL_NAME.test(text),
    `must be ${NAME_RULE}, or a pattern that begins with ^`,
  )

/** What heartbeat and poll say of their member. */
const membership = {
  topics: z
    .array(subscription)
    .min(1)
    .max(limits.maxSubscriptions)
    .optional()
    .describe(
      "What it subscribes to: names of topics, and patterns (RE2) that begin with `^`. Needed to join; absent: as before",
    ),
  owned: namedPartitions
    .optional()
    .describe(
      "All partitions that it still reads. A partition that it is to give up goes to its next owner once it is not among " +
        "them. Absent: none but what the last answer assigned. With the `topicId` " +
        "of the assignment, nothing that the member says of a former topic is taken for one that was made again under its name",
    ),
  instanceId: memberId
    .optional()
    .describe("A static member's name (group.instance.id): who comes with it takes over the partitions of who had it"),
  sessionTimeout: duration
    .pipe(z.int().min(limits.minSessionTimeoutMs).max(limits.maxSessionTimeoutMs))
    .optional()
    .describe("It is expelled when it is silent for so long (session.timeout.ms); default 45s"),
  rebalanceTimeout: duration
    .pipe(z.int().min(limits.minSessionTimeoutMs).max(limits.maxRebalanceTimeoutMs))
    .optional()
    .describe("It is expelled when it keeps what it is to give up for so long (max.poll.interval.ms); default 5m"),
  assignor: assignor.optional(),
  number: z
    .int()
    .min(1)
    .max(limits.maxRequestNumber)
    .optional()
    .describe(
      "The number of this request among those of the member. One that is overtaken by a later one changes nothing. " +
        "Absent: it counts as the latest",
    ),
}

export const heartbeatBody = z.strictObject({
  memberEpoch: z
    .int()
    .min(-1)
    .optional()
    .describe("0: join, also again; -1: leave; else the epoch of the last answer. Absent: join where it is no member"),
  ...membership,
})

/** What both answer. */
export const memberAnswer = {
  memberId,
  memberEpoch: z.int().min(0).describe("Commit under it. It changes when the assignment does"),
  heartbeatInterval: z
    .int()
    .min(1)
    .describe("Send the next request within so many milliseconds (heartbeat.interval.ms)"),
  assignment: z
    .array(assignedTopic)
    .describe("All that the member may read now. It stops reading anything else at once"),
}
export const heartbeat = z.object(memberAnswer)

export const autoOffsetReset = z
  .enum(["earliest", "latest", "none"])
  .describe(
    "Where to begin without a committed offset, or with one that is not there any more: earliest (the default), latest, " +
      "or none, an error for that partition",
  )

export const pollBody = z.strictObject({
  memberEpoch: z.int().min(0).optional().describe("As in a heartbeat"),
  ...membership,
  commit: z
    .array(
      z.strictObject({
        ...at,
        topicId: topicId.optional(),
        offset: offset.describe("The next offset to read: all records below it were processed"),
        metadata: z.string().max(limits.maxMetadataBytes).optional(),
      }),
    )
    .max(limits.maxCommits)
    .optional()
    .describe(
      "Commits this first. Only what the member holds; all or nothing, but an offset below the committed one is passed over",
    ),
  positions: z
    .array(z.strictObject({ ...at, offset }))
    .max(MOST_PARTITIONS)
    .optional()
    .describe("Where to read on. A partition that is not among them is read from its committed offset"),
  paused: namedPartitions.optional().describe("What not to read now"),
  wait: duration
    .optional()
    .describe(
      "How long to wait for records, a third of the session at most; it ends early when the assignment changes. Default 0",
    ),
  maxBytes: z
    .int()
    .min(1)
    .max(limits.maxFetchBytes)
    .optional()
    .describe("The most bytes of stored batches (fetch.max.bytes)"),
  minBytes: z
    .int()
    .min(0)
    .max(limits.maxFetchBytes)
    .optional()
    .describe("Wait for so many bytes (fetch.min.bytes); default 1"),
  maxRecords: z
    .int()
    .min(1)
    .max(limits.maxFetchRecords)
    .optional()
    .describe("The most records (max.poll.records); default 500"),
  autoOffsetReset: autoOffsetReset.optional(),
  keyFormat: valueFormat.optional(),
  valueFormat: valueFormat.optional(),
})

export const polled = z.object({
  ...memberAnswer,
  batches: z
    .array(fetched.extend(at))
    .describe(
      "Partitions that have records for the member, another one first each time; also one without records where the " +
        "request did not say where it stands in it",
    ),
  problems: z
    .array(z.object({ ...at, error: problemSchema }))
    .optional()
    .describe("Partitions that could not be read, each with its reason; the others are read all the same"),
})

/** The JSON head of a binary answer of poll; the bytes of the batches follow it, in this order. */
export const polledHead = z.object({
  ...memberAnswer,
  batches: z.array(
    z.object({
      ...at,
      bytes: count.describe("How many bytes of record batches are this partition's"),
      offset: offset.describe("Where reading began; the first batch may begin before it"),
      nextOffset: offset,
      highWatermark: offset,
      logStartOffset: offset,
    }),
  ),
  problems: polled.shape.problems,
})

export type Assignor = z.infer<typeof assignor>
export type AssignedTopic = z.infer<typeof assignedTopic>
export type TopicPartitions = z.infer<typeof topicPartitions>
export type HeartbeatBody = z.infer<typeof heartbeatBody>
export type Heartbeat = z.infer<typeof heartbeat>
export type PollBody = z.infer<typeof pollBody>
export type Polled = z.infer<typeof polled>
export type PolledHead = z.infer<typeof polledHead>
