/** Topic configuration by Kafka's names, with `placement` as the only one of our own. */
import * as z from "zod/mini"
import { limits } from "./limits.ts"
import { described } from "./schemas/documented.ts"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const milliseconds = () => z.int().check(z.gte(0))

const entries = {
  "retention.ms": described(z.int().check(z.gte(-1)), "How long records are kept, milliseconds; -1: for ever."),
  "retention.bytes": described(z.int().check(z.gte(-1)), "How many bytes a partition keeps; -1: no bound."),
  "cleanup.policy": described(
    z.enum(["delete", "compact", "compact,delete"]),
    "Old records are deleted, or only the last one of each key is kept, or both.",
  ),
  "max.message.bytes": described(
    z.int().check(z.gte(1), z.lte(limits.maxBatchBytes)),
    "The largest encoded record batch, bytes.",
  ),
  "message.timestamp.type": described(
    z.enum(["CreateTime", "LogAppendTime"]),
    "Whose clock stamps the records: the producer's or the log's.",
  ),
  "segment.bytes": described(
    z.int().check(z.gte(1024), z.lte(1024 ** 3)),
    "The size at which a segment is finished, bytes.",
  ),
  "segment.ms": described(z.int().check(z.gte(1)), "The age at which a segment is finished, milliseconds."),
  "min.compaction.lag.ms": described(milliseconds(), "How long a record stays out of compaction, milliseconds."),
  "delete.retention.ms": described(milliseconds(), "How long a tombstone outlives its compaction, milliseconds."),
  placement: described(
    z.enum(["cost", "latency"]),
    "Whether batches lie where it is cheapest or where it is quickest.",
  ),
}

export const topicConfigSchema = z.partial(z.strictObject(entries))

/** Entries that a newer version wrote and this one does not know have no effect here, so they are left out. */
export const storedTopicConfigSchema = z.partial(z.object(entries))

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

type Nullable<T extends Record<string, z.ZodMiniType>> = { [K in keyof T]: z.ZodMiniOptional<z.ZodMiniNullable<T[K]>> }

/** A PATCH sets values, and takes back to the default what it sets to null. */
export const topicConfigPatchSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(entries).map(([name, schema]) => [name, z.optional(z.nullable(schema))]),
  ) as Nullable<typeof entries>,
)

export type TopicConfigPatch = z.infer<typeof topicConfigPatchSchema>
