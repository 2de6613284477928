import type { TopicConfigPatch } from "stratalog/protocol"
import { readConfig } from "../config.ts"
import type { Topic, TopicConfig } from "../ports.ts"

/** Values are checked already. */
export interface TopicChange {
  /** Sets entries; null takes one back to its default. */
  readonly config?: TopicConfigPatch | undefined
  /** How many there shall be. */
  readonly partitions?: number | undefined
}

export type AlterDecision =
  | { readonly kind: "unchanged" }
  | { readonly kind: "replace"; readonly topic: Topic }
  /** A record's partition follows from its key and their number, and its offset from its partition: they only grow. */
  | { readonly kind: "fewer_partitions"; readonly existing: number; readonly asked: number }

export function decideAlter(topic: Topic, change: TopicChange): AlterDecision {
  const partitions = change.partitions ?? topic.partitions
  if (partitions < topic.partitions) return { kind: "fewer_partitions", existing: topic.partitions, asked: partitions }
  const config = patched(topic.config, change.config ?? {})
  if (partitions === topic.partitions && sameEntries(config, topic.config)) return { kind: "unchanged" }
  return { kind: "replace", topic: { ...topic, partitions, config, version: topic.version + 1 } }
}

function patched(config: TopicConfig, patch: TopicConfigPatch): TopicConfig {
  const set = Object.entries(patch).filter(([, value]) => value !== undefined)
  const merged = Object.entries({ ...config, ...Object.fromEntries(set) })
  return readConfig(Object.fromEntries(merged.filter(([, value]) => value !== null)))
}

/** An entry set to its default is another configuration than one that is not set: it stays when the default moves. */
function sameEntries(a: TopicConfig, b: TopicConfig): boolean {
  const others = new Map<string, unknown>(Object.entries(b))
  const entries = Object.entries(a)
  return entries.length === others.size && entries.every(([name, value]) => others.get(name) === value)
}
