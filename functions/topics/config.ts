/** Topic configuration as it is stored: the entries that were set on purpose. Names, bounds and defaults: stratalog/protocol. */
import { effectiveConfig, topicConfigSchema } from "stratalog/protocol"
import type { TopicConfig } from "./ports.ts"

/** Entries that a newer version wrote and this one does not know have no effect here, so they are left out. */
const storedConfig = topicConfigSchema.strip()

/** Throws a ZodError where a known entry has a value that it cannot have. */
export function readConfig(stored: unknown): TopicConfig {
  return storedConfig.parse(stored)
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
