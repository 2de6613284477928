/** Kafka's DeleteRecords: moves the log start offset forward. */
import type { ControlDependencies } from "../dependencies.ts"
import { locate, type NotLocated } from "../locate.ts"
import type { PartitionRef, Unavailable, Watermarks } from "../ports.ts"

export type DeleteRecordsOutcome =
  | { readonly kind: "moved"; readonly logStartOffset: number }
  | { readonly kind: "beyond_end"; readonly offset: number; readonly watermarks: Watermarks }
  | NotLocated
  | Unavailable

export async function deleteRecords(
  deps: ControlDependencies,
  request: { readonly topic: string; readonly partition: number; readonly before: number | "latest" },
): Promise<DeleteRecordsOutcome> {
  const location = await locate(deps.topics, request.topic, request.partition)
  if (location.kind !== "located") return location
  const before = await boundary(deps, location.partition, request.before)
  if (typeof before !== "number") return before.kind === "unavailable" ? before : gone(request.topic)
  const moved = await deps.log.moveLogStart(location.partition, before)
  if (moved.kind === "unknown_partition") return gone(request.topic)
  return moved.kind === "beyond_end" ? { ...moved, offset: before } : moved
}

async function boundary(deps: ControlDependencies, partition: PartitionRef, before: number | "latest") {
  if (before !== "latest") return before
  const described = await deps.log.describe(partition)
  return described.kind === "partition" ? described.state.highWatermark : described
}

function gone(topic: string): NotLocated {
  return { kind: "topic_not_found", topic }
}
