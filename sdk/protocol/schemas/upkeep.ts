/** What upkeep did: its last runs, what is left to do, what went wrong. */
import * as z from "zod"

const time = z.int().min(0)
const count = z.int().min(0)

/** Failures that are told in full. */
export const MAX_TOLD_FAILURES = 5
/** Characters of a failure's sentence that are told. */
export const MAX_FAILURE_DETAIL = 300

export const upkeepFailureCodes = ["corrupt", "storage_full", "storage_failed", "throttled", "defect"] as const

const upkeepFailure = z.object({
  code: z.enum(upkeepFailureCodes),
  topic: z.string().optional().describe("Absent for a topic that is deleted"),
  topicId: z.string(),
  partition: count,
  step: z.string().optional().describe("retain, reclaim, tier, merge, compact or sweep; absent where nobody knows"),
  detail: z.string().describe("A sentence for people"),
})

const upkeepFailures = z.object({
  count,
  codes: z.array(z.object({ code: z.enum(upkeepFailureCodes), count })),
  first: z.array(upkeepFailure).describe(`The first ${MAX_TOLD_FAILURES} of them`),
})

const piece = { startedAt: time, endedAt: time, partitions: count.describe("Partitions that were looked at") }

const upkeepRun = z.object({
  ...piece,
  sweep: z.boolean().describe("Whether it also looked for what nothing refers to"),
  complete: z.boolean().describe("Whether it ended its round; otherwise the next run goes on from there"),
  failures: upkeepFailures,
})

const backlog = z.object({
  waitingBytes: count.describe("Bytes of records that lie in no segment yet, about"),
  overduePartitions: count.describe("Partitions with records that are to lie in a segment by now, and do not"),
  overdueSince: time.nullable().describe("When the oldest of these were stored; null where nothing is overdue"),
})

const upkeepRound = z.object({
  ...piece,
  failures: upkeepFailures,
  unfinished: z.boolean().describe("Whether a partition had more to do than the time allowed"),
  backlog,
})

const upkeepSweep = z.object({
  ...piece,
  removed: z
    .object({ objects: count, items: count, bytes: count.describe("Of the objects") })
    .describe("Orphans: what nothing referred to"),
})

const upkeepNudge = z.object({ ...piece, failures: upkeepFailures })

export const upkeepStatus = z.object({
  lastRun: upkeepRun.nullable().describe("The newest run by timer or schedule"),
  lastRound: upkeepRound
    .nullable()
    .describe("The newest round in which all partitions had their turn, in one run or several"),
  lastSweep: upkeepSweep.nullable().describe("The newest such round that also looked for what nothing refers to"),
  lastNudge: upkeepNudge.nullable().describe("The newest run that busy partitions asked for"),
})

export type UpkeepFailureCode = (typeof upkeepFailureCodes)[number]
export type UpkeepFailures = z.infer<typeof upkeepFailures>
export type UpkeepStatus = z.infer<typeof upkeepStatus>
