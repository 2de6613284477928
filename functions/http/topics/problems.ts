/** What the use cases of topics answer, as errors of the API's table. */
import { type Limits, type Problem, problem } from "stratalog/protocol"
import type { AlterTopicResult } from "../../topics/alter/alter-topic.ts"
import type { ExistingTopicDecision } from "../../topics/create/decide.ts"
import { invalid } from "../exchange.ts"

/** A deployment may allow less than the schema. Throws a `Refusal`. */
export function requireAllowed(
  { maxBatchBytes }: Limits,
  config: { readonly "max.message.bytes"?: number | null | undefined },
): void {
  if ((config["max.message.bytes"] ?? 0) <= maxBatchBytes) return
  throw invalid([{ path: "config.max.message.bytes", message: `must be at most ${maxBatchBytes}` }])
}

/** `differences` tells for each setting what the topic has (`existing`) and what the request wanted (`asked`). */
export function topicConflict({ topic, differences }: Extract<ExistingTopicDecision, { kind: "conflict" }>): Problem {
  const told = differences.map(({ setting, existing, asked }) => `${setting} is ${existing}, not ${asked}`).join("; ")
  const detail = `Topic ${topic.name} exists with other settings: ${told}. To change it: PATCH /v1/topics/${topic.name}.`
  return problem("topic_conflict", detail, { topic: topic.name, differences })
}

/** For somebody who may create topics, but not describe this one: whether its settings are those that were asked for is not said. */
export function topicIsThere(name: string): Problem {
  const detail = `Topic ${name} exists. Its settings are shown to those alone who may describe it.`
  return problem("topic_conflict", detail, { topic: name, differences: [] })
}

export function fewerPartitions(
  name: string,
  { existing, asked }: Extract<AlterTopicResult, { kind: "fewer_partitions" }>,
): Problem {
  const detail = `Topic ${name} has ${existing} partition${existing === 1 ? "" : "s"}, and they can only become more: ${asked} is fewer.`
  return problem("invalid_config", detail, { partitions: existing })
}

export function concurrentChange(name: string): Problem {
  const detail = `Others changed topic ${name} at the same moment, and this change was not made: look at the topic and try again.`
  return problem("concurrent_change", detail, { topic: name })
}
