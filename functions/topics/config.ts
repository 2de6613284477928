/** Topic configuration as it is stored: the entries that were set on purpose. Names, bounds and defaults: stratalog/protocol. */
import { effectiveConfig, storedTopicConfigSchema } from "stratalog/protocol"
import type { TopicConfig } from "./ports.ts"

/** Throws a ZodError where a known entry has a value that it cannot have. */
export function readConfig(stored: unknown): TopicConfig {
  return storedTopicConfigSchema.parse(stored)
}

export interface SettingDifference {
  /** `partitions`, or the name of a configuration entry. */
  readonly setting: string
  readonly existing: string | number
  readonly asked: string | number
}

/** Compares what is in force: a default that was spelled out is no difference. */
export function configDifferences(existing: TopicConfig, asked: TopicConfig): SettingDifference[] {
  const wanted = new Map(Object.entries(effectiveConfig(asked)))
  return Object.entries(effectiveConfig(existing)).flatMap(([setting, value]) => {
    const other = wanted.get(setting)
    return other === undefined || other === value ? [] : [{ setting, existing: value, asked: other }]
  })
}
