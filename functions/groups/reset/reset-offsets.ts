/** Puts the committed offsets of a group that nobody is in somewhere else, back too; or shows where they would go. */

import type { NotLocated } from "../../log/locate.ts"
import { findOffset } from "../../log/offsets/find-offset.ts"
import type { PartitionRef, ReadOutcome, Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { emptyGroup } from "../membership/empty-group.ts"
import { liveOffsets } from "../offsets/live-offsets.ts"
import type { CommittedOffset } from "../ports.ts"
import { type PartitionFacts, type ResetTo, resetOffset } from "./decide.ts"
import { type ResetTarget, resetTargets, type WantedTopic } from "./targets.ts"

export interface ResetRequest {
  readonly to: ResetTo
  /** Absent: all partitions that the group committed for, of the topics that who asks may know of. */
  readonly topics?: readonly WantedTopic[] | undefined
  readonly isShown: (topic: string) => boolean
  readonly mayRead: (topic: string) => boolean
  /** False: nothing is written. */
  readonly execute: boolean
}

export interface PlannedReset {
  readonly topic: string
  readonly partition: PartitionRef
  /** Null: the group committed none. */
  readonly committedOffset: number | null
  readonly newOffset: number
}

export type ResetResult =
  /** By topic name and partition. */
  | { readonly kind: "reset"; readonly executed: boolean; readonly offsets: readonly PlannedReset[] }
  | { readonly kind: "group_not_found"; readonly group: string }
  | { readonly kind: "group_not_empty"; readonly members: readonly string[] }
  | { readonly kind: "contended" }
  /** Of what it would be about without `topics`. */
  | { readonly kind: "topics_denied"; readonly topics: readonly string[] }
  /** There is nothing to shift. */
  | { readonly kind: "no_committed_offset"; readonly topic: string; readonly partition: number }
  | NotLocated
  | Extract<ReadOutcome, { kind: "corrupt" }>
  | Unavailable

type Deps = Pick<
  GroupDependencies,
  "groups" | "topics" | "log" | "clock" | "sessionClock" | "codecs" | "limits" | "changes" | "pause"
>

type Plan = { readonly kind: "plan"; readonly offsets: readonly PlannedReset[] }

/** Throws `StorageUnavailable` where topics cannot be looked up. */
export async function resetOffsets(deps: Deps, group: string, request: ResetRequest): Promise<ResetResult> {
  const first = await plan(deps, group, request)
  if (first.kind !== "plan") return first
  if (!request.execute) return { kind: "reset", executed: false, offsets: first.offsets }
  const emptied = await emptyGroup(deps, group)
  if (emptied.kind !== "empty") return emptied
  // From here on nobody else commits: a shift goes by what is committed now.
  const last = await plan(deps, group, request)
  if (last.kind !== "plan") return last
  return write(deps, group, last.offsets, emptied.epoch)
}

/** Looks at so many partitions at once. */
const AT_ONCE = 32

async function plan(
  deps: Deps,
  group: string,
  { to, topics, isShown, mayRead }: ResetRequest,
): Promise<Plan | Exclude<ResetResult, { kind: "reset" }>> {
  const committed = await liveOffsets(deps, group)
  if (committed.kind === "unavailable") return committed
  if (committed.kind === "group_not_found" && topics === undefined) return committed
  const shown = committed.kind === "topics" ? committed.topics.filter(({ topic }) => isShown(topic.name)) : []
  const denied = topics === undefined ? shown.map(({ topic }) => topic.name).filter((name) => !mayRead(name)) : []
  if (denied.length > 0) return { kind: "topics_denied", topics: denied }
  const found = await resetTargets(deps.topics, shown, topics)
  if (found.kind !== "targets") return found
  const offsets: PlannedReset[] = []
  for (let at = 0; at < found.targets.length; at += AT_ONCE) {
    const looked = await Promise.all(found.targets.slice(at, at + AT_ONCE).map((target) => planOne(deps, target, to)))
    for (const each of looked) {
      if (each.kind !== "planned") return each
      offsets.push(each.reset)
    }
  }
  return { kind: "plan", offsets }
}

type PlannedOne = { readonly kind: "planned"; readonly reset: PlannedReset } | Exclude<ResetResult, { kind: "reset" }>

async function planOne(
  deps: Deps,
  { topic, partition, committedOffset }: ResetTarget,
  to: ResetTo,
): Promise<PlannedOne> {
  const facts = await factsOf(deps, partition, to)
  if (facts.kind === "unknown_partition") return { kind: "topic_not_found", topic }
  if (facts.kind === "unavailable") return { ...facts, sideEffects: "none" }
  if (facts.kind === "corrupt") return facts
  const newOffset = resetOffset(to, { ...facts.facts, committedOffset })
  if (newOffset === undefined) return { kind: "no_committed_offset", topic, partition: partition.partition }
  return { kind: "planned", reset: { topic, partition, committedOffset, newOffset } }
}

async function factsOf(deps: Deps, partition: PartitionRef, to: ResetTo) {
  if (to.kind !== "timestamp") {
    const described = await deps.log.describe(partition)
    return described.kind === "partition" ? factsAt(described.state, null) : described
  }
  const found = await findOffset(deps, partition, to.timestamp)
  if (found.kind !== "found" && found.kind !== "none") return found
  return factsAt(found.watermarks, found.kind === "found" ? found.offset : null)
}

function factsAt(
  { logStartOffset, highWatermark }: Omit<PartitionFacts, "committedOffset" | "offsetAtTime">,
  offsetAtTime: number | null,
) {
  return { kind: "facts" as const, facts: { logStartOffset, highWatermark, offsetAtTime } }
}

const HALF_DONE: Unavailable = {
  kind: "unavailable",
  reason: "storage_failed",
  sideEffects: "unknown",
  detail: "A member joined in the middle of the reset: some partitions are reset, others are not.",
}

/** A call that is cut off leaves some of them as they were: to say the same again finishes it. */
async function write(deps: Deps, group: string, offsets: readonly PlannedReset[], epoch: number): Promise<ResetResult> {
  const committedAt = deps.clock.now()
  const commits = offsets.map(({ topic, partition, newOffset }): CommittedOffset => {
    return { topic, partition, offset: newOffset, metadata: "", committedAt }
  })
  const { maxCommits } = deps.limits
  for (let at = 0; at < commits.length; at += maxCommits) {
    const outcome = await deps.groups.commit(group, commits.slice(at, at + maxCommits), { epoch, mayGoBack: true })
    if (outcome.kind === "unavailable") return at === 0 ? outcome : { ...outcome, sideEffects: "unknown" }
    if (outcome.kind === "committed") continue
    // A member has joined since, and has claimed what was to be reset.
    return at === 0 ? { kind: "contended" } : HALF_DONE
  }
  return { kind: "reset", executed: true, offsets }
}
