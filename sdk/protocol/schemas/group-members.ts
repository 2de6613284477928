/** What members of consumer groups ask, by heartbeat and poll, and what they are answered. */
import * as z from "zod/mini"
import { limits } from "../limits.ts"
import { LEGAL_NAME, NAME_RULE } from "../names.ts"
import { described } from "./documented.ts"
import { fetched } from "./fetch.ts"
import { at, count, duration, offset, partitionNumber, topicName, valueFormat } from "./fields.ts"
import { assignor, memberAnswer, memberId, topicId } from "./members.ts"
import { problemSchema } from "./problem.ts"

/** As many as a group can have: a pattern takes in any number of topics. */
const MOST_PARTITIONS = 15 * limits.maxPartitions
const namedPartitions = z
  .array(
    z.strictObject({
      topic: topicName,
      topicId: z.optional(topicId),
      partitions: z.array(partitionNumber).check(z.maxLength(limits.maxPartitions)),
    }),
  )
  .check(z.maxLength(MOST_PARTITIONS))

const subscription = z.string().check(
  z.minLength(1),
  z.maxLength(249),
  z.refine(
    (text) => text.startsWith("^") || LEGAL_NAME.test(text),
    `must be ${NAME_RULE}, or a pattern that begins with ^`,
  ),
)

/** What heartbeat and poll say of their member. */
const membership = {
  topics: described(
    z.optional(z.array(subscription).check(z.minLength(1), z.maxLength(limits.maxSubscriptions))),
    "What it subscribes to: names of topics, and patterns (RE2) that begin with `^`. Needed to join; absent: as before",
  ),
  owned: described(
    z.optional(namedPartitions),
    "All partitions that it still reads. A partition that it is to give up goes to its next owner once it is not among " +
      "them. Absent: none but what the last answer assigned. With the `topicId` " +
      "of the assignment, nothing that the member says of a former topic is taken for one that was made again under its name",
  ),
  instanceId: described(
    z.optional(memberId),
    "A static member's name (group.instance.id): who comes with it takes over the partitions of who had it",
  ),
  sessionTimeout: described(
    z.optional(z.pipe(duration, z.int().check(z.gte(limits.minSessionTimeoutMs), z.lte(limits.maxSessionTimeoutMs)))),
    "It is expelled when it is silent for so long (session.timeout.ms); default 45s",
  ),
  rebalanceTimeout: described(
    z.optional(z.pipe(duration, z.int().check(z.gte(limits.minSessionTimeoutMs), z.lte(limits.maxRebalanceTimeoutMs)))),
    "It is expelled when it keeps what it is to give up for so long (max.poll.interval.ms); default 5m",
  ),
  assignor: z.optional(assignor),
  number: described(
    z.optional(z.int().check(z.gte(1), z.lte(limits.maxRequestNumber))),
    "The number of this request among those of the member. One that is overtaken by a later one changes nothing. " +
      "Absent: it counts as the latest",
  ),
}

export const heartbeatBody = z.strictObject({
  memberEpoch: described(
    z.optional(z.int().check(z.gte(-1))),
    "0: join, also again; -1: leave; else the epoch of the last answer. Absent: join where it is no member",
  ),
  ...membership,
})

export const heartbeat = z.object(memberAnswer)

export const autoOffsetReset = described(
  z.enum(["earliest", "latest", "none"]),
  "Where to begin without a committed offset, or with one that is not there any more: earliest (the default), latest, " +
    "or none, an error for that partition",
)

export const pollBody = z.strictObject({
  memberEpoch: described(z.optional(z.int().check(z.gte(0))), "As in a heartbeat"),
  ...membership,
  commit: described(
    z.optional(
      z
        .array(
          z.strictObject({
            ...at,
            topicId: z.optional(topicId),
            offset: described(offset, "The next offset to read: all records below it were processed"),
            metadata: z.optional(z.string().check(z.maxLength(limits.maxMetadataBytes))),
          }),
        )
        .check(z.maxLength(limits.maxCommits)),
    ),
    "Commits this first. Only what the member holds; all or nothing, but an offset below the committed one is passed over",
  ),
  positions: described(
    z.optional(z.array(z.strictObject({ ...at, offset })).check(z.maxLength(MOST_PARTITIONS))),
    "Where to read on. A partition that is not among them is read from its committed offset",
  ),
  paused: described(z.optional(namedPartitions), "What not to read now"),
  wait: described(
    z.optional(duration),
    "How long to wait for records, a third of the session at most; it ends early when the assignment changes. Default 0",
  ),
  maxBytes: described(
    z.optional(z.int().check(z.gte(1), z.lte(limits.maxFetchBytes))),
    "The most bytes of stored batches (fetch.max.bytes)",
  ),
  minBytes: described(
    z.optional(z.int().check(z.gte(0), z.lte(limits.maxFetchBytes))),
    "Wait for so many bytes (fetch.min.bytes); default 1",
  ),
  maxRecords: described(
    z.optional(z.int().check(z.gte(1), z.lte(limits.maxFetchRecords))),
    "The most records (max.poll.records); default 500",
  ),
  autoOffsetReset: z.optional(autoOffsetReset),
  keyFormat: z.optional(valueFormat),
  valueFormat: z.optional(valueFormat),
})

export const polled = z.object({
  ...memberAnswer,
  batches: described(
    z.array(z.extend(fetched, at)),
    "Partitions that have records for the member, another one first each time; also one without records where the " +
      "request did not say where it stands in it",
  ),
  problems: described(
    z.optional(z.array(z.object({ ...at, error: problemSchema }))),
    "Partitions that could not be read, each with its reason; the others are read all the same",
  ),
})

/** The JSON head of a binary answer of poll; the bytes of the batches follow it, in this order. */
export const polledHead = z.object({
  ...memberAnswer,
  batches: z.array(
    z.object({
      ...at,
      bytes: described(count, "How many bytes of record batches are this partition's"),
      offset: described(offset, "Where reading began; the first batch may begin before it"),
      nextOffset: offset,
      highWatermark: offset,
      logStartOffset: offset,
    }),
  ),
  problems: polled.shape.problems,
})

export type HeartbeatBody = z.infer<typeof heartbeatBody>
export type Heartbeat = z.infer<typeof heartbeat>
export type PollBody = z.infer<typeof pollBody>
export type Polled = z.infer<typeof polled>
export type PolledHead = z.infer<typeof polledHead>
