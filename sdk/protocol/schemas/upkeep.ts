/** What upkeep did: its last runs, what is left to do, what went wrong. */
import * as z from "zod/mini"
import { described } from "./documented.ts"

const time = z.int().check(z.gte(0))
const count = z.int().check(z.gte(0))

/** Failures that are told in full. */
export const MAX_TOLD_FAILURES = 5
/** Characters of a failure's sentence that are told. */
export const MAX_FAILURE_DETAIL = 300

export const upkeepFailureCodes = ["corrupt", "storage_full", "storage_failed", "throttled", "defect"] as const

const upkeepFailure = z.object({
  code: z.enum(upkeepFailureCodes),
  topic: described(z.optional(z.string()), "Absent for a topic that is deleted"),
  topicId: z.string(),
  partition: count,
  step: described(z.optional(z.string()), "retain, reclaim, tier, merge, compact or sweep; absent where nobody knows"),
  detail: described(z.string(), "A sentence for people"),
})

const upkeepFailures = z.object({
  count,
  codes: z.array(z.object({ code: z.enum(upkeepFailureCodes), count })),
  first: described(z.array(upkeepFailure), `The first ${MAX_TOLD_FAILURES} of them`),
})

const piece = { startedAt: time, endedAt: time, partitions: described(count, "Partitions that were looked at") }

const upkeepRun = z.object({
  ...piece,
  sweep: described(z.boolean(), "Whether it also looked for what nothing refers to"),
  complete: described(z.boolean(), "Whether it ended its round; otherwise the next run goes on from there"),
  failures: upkeepFailures,
})

const backlog = z.object({
  waitingBytes: described(count, "Bytes of records that lie in no segment yet, about"),
  overduePartitions: described(count, "Partitions with records that are to lie in a segment by now, and do not"),
  overdueSince: described(z.nullable(time), "When the oldest of these were stored; null where nothing is overdue"),
})

const upkeepRound = z.object({
  ...piece,
  failures: upkeepFailures,
  unfinished: described(z.boolean(), "Whether a partition had more to do than the time allowed"),
  backlog,
})

const upkeepSweep = z.object({
  ...piece,
  removed: described(
    z.object({ objects: count, items: count, bytes: described(count, "Of the objects") }),
    "Orphans: what nothing referred to",
  ),
})

const upkeepNudge = z.object({ ...piece, failures: upkeepFailures })

export const upkeepStatus = z.object({
  lastRun: described(z.nullable(upkeepRun), "The newest run by timer or schedule"),
  lastRound: described(
    z.nullable(upkeepRound),
    "The newest round in which all partitions had their turn, in one run or several",
  ),
  lastSweep: described(z.nullable(upkeepSweep), "The newest such round that also looked for what nothing refers to"),
  lastNudge: described(z.nullable(upkeepNudge), "The newest run that busy partitions asked for"),
})

export type UpkeepFailureCode = (typeof upkeepFailureCodes)[number]
export type UpkeepFailures = z.infer<typeof upkeepFailures>
export type UpkeepStatus = z.infer<typeof upkeepStatus>
