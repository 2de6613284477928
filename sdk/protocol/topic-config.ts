/** Topic configuration by Kafka's names, with `placement` as the only one of our own. */
import * as z from "zod"
import { limits } from "./limits.ts"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const milliseconds = () => z.int().min(0)

const entries = {
  "retention.ms": z.int().min(-1).describe("How long records are kept, milliseconds; -1: for ever."),
  "retention.bytes": z.int().min(-1).describe("How many bytes a partition keeps; -1: no bound."),
  "cleanup.policy": z
    .enum(["delete", "compact", "compact,delete"])
    .describe("Old records are deleted, or only the last one of each key is kept, or both."),
  "max.message.bytes": z.int().min(1).max(limits.maxBatchBytes).describe("The largest encoded record batch, bytes."),
  "message.timestamp.type": z
    .enum(["CreateTime", "LogAppendTime"])
    .describe("Whose clock stamps the records: the producer's or the log's."),
  "segment.bytes": z
    .int()
    .min(1024)
    .max(1024 ** 3)
    .describe("The size at which a segment is finished, bytes."),
  "segment.ms": z.int().min(1).describe("The age at which a segment is finished, milliseconds."),
  "min.compaction.lag.ms": milliseconds().describe("How long a record stays out of compaction, milliseconds."),
  "delete.retention.ms": milliseconds().describe("How long a tombstone outlives its compaction, milliseconds."),
  placement: z.enum(["cost", "latency"]).describe("Whether batches lie where it is cheapest or where it is quickest."),
}

export const topicConfigSchema = z.strictObject(entries).partial()

export type TopicConfigInput = z.infer<typeof topicConfigSchema>
export type EffectiveTopicConfig = {
  readonly [K in keyof Required<TopicConfigInput>]: NonNullable<TopicConfigInput[K]>
}
export type TopicConfigName = keyof EffectiveTopicConfig

export const topicConfigDefaults: EffectiveTopicConfig = {
  "retention.ms": 7 * DAY_MS,
  "retention.bytes": -1,
  "cleanup.policy": "delete",
  "max.message.bytes": 1024 ** 2,
  "message.timestamp.type": "CreateTime",
  "segment.bytes": 64 * 1024 ** 2,
  "segment.ms": 7 * DAY_MS,
  "min.compaction.lag.ms": 0,
  "delete.retention.ms": DAY_MS,
  placement: "cost",
}

/** What is in force for a topic with these settings of its own. */
export function effectiveConfig(overrides: TopicConfigInput): EffectiveTopicConfig {
  return { ...topicConfigDefaults, ...overrides } as EffectiveTopicConfig
}

type Nullable<T extends Record<string, z.ZodType>> = { [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>> }

/** A PATCH sets values, and takes back to the default what it sets to null. */
export const topicConfigPatchSchema = z.strictObject(
  Object.fromEntries(Object.entries(entries).map(([name, schema]) => [name, schema.nullable().optional()])) as Nullable<
    typeof entries
  >,
)

export type TopicConfigPatch = z.infer<typeof topicConfigPatchSchema>
