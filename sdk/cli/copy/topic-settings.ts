/** A topic's configuration while it is filled, and when it is. Pure. */
import type { TopicDescription } from "../../client/topics.ts"
import type { Limits } from "../../protocol/limits.ts"
import type { TopicConfigInput, TopicConfigPatch } from "../../protocol/topic-config.ts"

/** A topic that is filled keeps everything, with the times that records have, in batches as large as they come. */
export function fillingConfig(source: TopicDescription, limits: Limits): TopicConfigInput {
  return {
    ...ownConfig(source, limits),
    "retention.ms": -1,
    "retention.bytes": -1,
    "cleanup.policy": "delete",
    "message.timestamp.type": "CreateTime",
    "max.message.bytes": limits.maxBatchBytes,
  }
}

/** What was set on purpose, as far as the target allows. */
export function ownConfig(source: TopicDescription, limits: Limits): TopicConfigInput {
  const own = Object.fromEntries(Object.entries(source.config).filter(([name]) => source.overrides.includes(name)))
  const most = source.config["max.message.bytes"]
  return most === undefined || most <= limits.maxBatchBytes || !source.overrides.includes("max.message.bytes")
    ? own
    : { ...own, "max.message.bytes": limits.maxBatchBytes }
}

/** What makes the configuration `wanted`; undefined where it is that already. */
export function changesTo(wanted: TopicConfigInput, present: TopicDescription): TopicConfigPatch | undefined {
  const set = Object.entries(wanted).filter(
    ([name, value]) => !present.overrides.includes(name) || Reflect.get(present.config, name) !== value,
  )
  const reset = present.overrides.filter((name) => !Object.hasOwn(wanted, name)).map((name) => [name, null] as const)
  return set.length + reset.length === 0 ? undefined : Object.fromEntries([...set, ...reset])
}
