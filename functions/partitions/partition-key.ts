import type { PartitionRef } from "../log/ports.ts"

/** For maps whose keys are partitions. */
export function keyOf({ topicId, partition }: PartitionRef): string {
  return `${topicPrefix(topicId)}${partition}`
}

/** What the keys of all partitions of a topic begin with. */
export function topicPrefix(topicId: string): string {
  return `${topicId}/`
}
