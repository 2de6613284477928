/**
 * All upkeep of one partition, in the order in which one spares another work: what expired needs no segment, and what
 * became a segment may be merged and compacted.
 */
import { type EffectiveTopicConfig, effectiveConfig } from "stratalog/protocol"
import type { PartitionRef } from "../../log/ports.ts"
import type { Topic } from "../../topics/ports.ts"
import { compactPartition } from "../compact/compact.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import { mergeSegments } from "../merge/merge.ts"
import { reclaimPartition } from "../reclaim/reclaim.ts"
import { retainPartition } from "../retain/retain.ts"
import { sweepPartition } from "../sweep/sweep.ts"
import type { Waiting } from "../tier/decide.ts"
import { tierPartition } from "../tier/tier.ts"
import { addToBacklog, emptyReport, type UpkeepReport, type UpkeepStep } from "./report.ts"

export interface UpkeepOptions {
  /** When nothing further is begun, epoch milliseconds by the clock of the dependencies. */
  readonly until: number
  /** Also look for objects that nobody names. It lists all objects of the partition: seldom is enough. */
  readonly sweep: boolean
}

interface Job {
  readonly deps: UpkeepDependencies
  readonly partition: PartitionRef
  readonly config: EffectiveTopicConfig
  readonly options: UpkeepOptions
  readonly report: UpkeepReport
  /** As tiering saw it last. */
  waiting: Waiting
}

/** Whether to go on: `again` with the same step. */
type Step = (job: Job) => Promise<"next" | "again" | UpkeepFailure>

const steps: readonly (readonly [UpkeepStep, Step])[] = [
  ["retain", retain],
  ["reclaim", reclaim],
  ["tier", tier],
  ["merge", merge],
  ["compact", compact],
  ["sweep", sweep],
  ["sweep", sweepRecent],
]

/** `report` is added to; a failure ends its step, and the rest where it would meet the same. */
export async function upkeepPartition(
  deps: UpkeepDependencies,
  topic: Pick<Topic, "id" | "name" | "config">,
  partition: number,
  options: UpkeepOptions,
  report: UpkeepReport = emptyReport(),
): Promise<UpkeepReport> {
  const ref = { topicId: topic.id, partition }
  const job: Job = {
    deps,
    partition: ref,
    config: effectiveConfig(topic.config),
    options,
    report,
    waiting: { bytes: 0 },
  }
  report.partitions++
  for (const [name, step] of steps) {
    const failure = await repeat(job, step)
    if (failure === undefined) continue
    // A topic that was deleted needs no upkeep, and that is no failure.
    if (failure.kind === "unknown_partition") return report
    report.failures.push({ partition: ref, topic: topic.name, step: name, failure })
    if (failure.kind === "unavailable") break
  }
  const { bytes: waitingBytes, overdueSince } = job.waiting
  const overdue = overdueSince === undefined ? { overduePartitions: 0 } : { overduePartitions: 1, overdueSince }
  addToBacklog(report.backlog, { waitingBytes, ...overdue })
  return report
}

async function repeat(job: Job, step: Step): Promise<UpkeepFailure | undefined> {
  for (;;) {
    if (job.deps.clock.now() >= job.options.until) {
      job.report.unfinished = true
      return undefined
    }
    const outcome = await step(job)
    if (outcome === "next") return undefined
    if (outcome !== "again") return outcome
  }
}

async function retain({ deps, partition, config, report }: Job) {
  const outcome = await retainPartition(deps, partition, config)
  if (outcome.kind !== "retained") return outcome
  report.expiredRecords += outcome.to - outcome.from
  return "next"
}

async function reclaim({ deps, partition, report }: Job) {
  const outcome = await reclaimPartition(deps, partition)
  if (outcome.kind !== "reclaimed") return outcome
  report.reclaimedSegments += outcome.segments
  report.reclaimedBytes += outcome.bytes
  return outcome.segments > 0 ? "again" : "next"
}

async function tier(job: Job) {
  const { deps, partition, config, report } = job
  const outcome = await tierPartition(deps, partition, config, (waiting) => {
    job.waiting = waiting
  })
  if (outcome.kind === "nothing") return "next"
  if (outcome.kind !== "tiered") return outcome
  if (outcome.records > 0) report.tieredSegments++
  report.tieredRecords += outcome.records
  report.tieredBytes += outcome.bytes
  return "again"
}

async function merge({ deps, partition, config, report }: Job) {
  const outcome = await mergeSegments(deps, partition, config)
  if (outcome.kind === "nothing") return "next"
  if (outcome.kind !== "merged") return outcome
  report.mergedSegments += outcome.segments
  report.mergedBytes += outcome.bytes
  return "again"
}

async function compact({ deps, partition, config, options, report }: Job) {
  const outcome = await compactPartition(deps, partition, config, options.until)
  if (outcome.kind === "nothing") return "next"
  if (outcome.kind !== "compacted") return outcome
  report.compactedSegments += outcome.segments
  report.compactedRecords += outcome.removed
  return outcome.more ? "again" : "next"
}

async function sweep({ deps, partition, options, report }: Job): Promise<"next" | "again" | UpkeepFailure> {
  if (!options.sweep) return "next"
  let after: string | undefined
  do {
    const outcome = await sweepPartition(deps, partition, after)
    if (outcome.kind !== "swept") return outcome
    report.sweptObjects += outcome.removed
    report.sweptBytes += outcome.bytes
    after = outcome.next
  } while (after !== undefined && deps.clock.now() < options.until)
  if (after !== undefined) report.unfinished = true
  return "next"
}

async function sweepRecent({ deps, partition, options, report }: Job): Promise<"next" | "again" | UpkeepFailure> {
  if (!options.sweep || deps.sweepRecent === undefined) return "next"
  const outcome = await deps.sweepRecent(partition)
  if (outcome.kind !== "swept") return outcome
  report.sweptObjects += outcome.objects
  report.sweptBytes += outcome.bytes
  report.sweptItems += outcome.items
  return outcome.more ? "again" : "next"
}
