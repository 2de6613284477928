/** Whether the log is kept up: by what upkeep says of its last runs. Pure. */
import type { UpkeepFailures, UpkeepStatus } from "../../protocol/schemas/upkeep.ts"
import { counted } from "../format/counted.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"

const HOUR_MS = 3_600_000

/** The longest that a deployment sets between two runs is 6 hours, and a sweep comes as often. */
const LATE_MS = 7 * HOUR_MS
const GONE_MS = 24 * HOUR_MS
/** Busy deployments run every five minutes, others every hour. */
const OVERDUE_MS = 3 * HOUR_MS

const SCHEDULES =
  "Look whether its rules in EventBridge are enabled and what the log of the upkeep function says; a server runs it by itself (--upkeep-interval)."

/** `since`: when the oldest topic was made, epoch milliseconds; undefined: there is none. */
export function upkeepFindings(status: UpkeepStatus, now: number, since: number | undefined): readonly Finding[] {
  return [
    runFinding(status, now, since),
    ...failuresFinding(status),
    backlogFinding(status, now),
    sweepFinding(status, now),
  ]
}

function runFinding({ lastRun }: UpkeepStatus, now: number, since: number | undefined): Finding {
  const check = "upkeep"
  if (lastRun === null) {
    const what = "It has not run yet: nothing is tiered, trimmed or compacted."
    if (since === undefined || now - since < LATE_MS) return ok(check, what)
    return warn(check, what, `Right after a server's start that is as it should be. Otherwise: ${SCHEDULES}`)
  }
  const age = now - lastRun.endedAt
  const what = `The last run ended ${ago(age)} ago and looked at ${counted(lastRun.partitions, "partition")}.`
  if (age > GONE_MS) return fail(check, what, SCHEDULES)
  return age > LATE_MS ? warn(check, what, SCHEDULES) : ok(check, what)
}

const byCode: Readonly<Record<string, string>> = {
  corrupt:
    "Stored bytes are not what was written: keep what there is and restore from a backup (docs/backup.md); `strata inspect` shows a data directory.",
  storage_full: "Free disk space, or let go of old records: `strata topic alter <name> --config retention.ms=...`.",
  storage_failed: "Look at the permissions of the upkeep function and at the storage; the next run tries again.",
  throttled: "The table is throttled: look at its limits in CloudWatch; the next run tries again.",
  defect: "A defect: report it, with the line of the function's log.",
}

/** Of the newest round, and of the run in which it is under way. */
function failuresFinding({ lastRun, lastRound }: UpkeepStatus): readonly Finding[] {
  const failures = worse(lastRun?.failures, lastRound?.failures)
  if (failures === undefined || failures.count === 0) return []
  const [first] = failures.first
  const where = first === undefined ? "" : `: ${first.topic ?? first.topicId}:${first.partition} ${first.detail}`
  const advice = byCode[first?.code ?? failures.codes[0]?.code ?? ""] ?? "Look at the log of upkeep."
  return [fail("failures", `Upkeep failed ${failures.count} times in its last round${where}`, advice)]
}

function worse(a: UpkeepFailures | undefined, b: UpkeepFailures | undefined): UpkeepFailures | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a.count >= b.count ? a : b
}

function backlogFinding({ lastRound }: UpkeepStatus, now: number): Finding {
  const check = "backlog"
  if (lastRound === null) return ok(check, "No round has ended yet, so nothing is known of what waits.")
  const { waitingBytes, overduePartitions, overdueSince } = lastRound.backlog
  const waiting = `${mebibytes(waitingBytes)} wait to be tiered`
  const age = overdueSince === null ? 0 : now - overdueSince
  if (overduePartitions === 0 || age < OVERDUE_MS) return ok(check, `${waiting}, nothing is overdue.`)
  const what = `${waiting}; ${overduePartitions} partitions are overdue, the oldest records for ${ago(age)}.`
  const more = lastRound.unfinished ? "The last round had more to do than time: " : ""
  return warn(check, what, `${more}Let upkeep run more often (\`-c upkeep=5m\`), and see its failures.`)
}

function sweepFinding({ lastSweep, lastRun }: UpkeepStatus, now: number): Finding {
  const check = "orphans"
  if (lastSweep === null) {
    if (lastRun === null) return ok(check, "No sweep yet, and no run.")
    return warn(check, "What nothing refers to has never been swept.", `It costs storage only. ${SCHEDULES}`)
  }
  const { objects, items, bytes } = lastSweep.removed
  const age = now - lastSweep.endedAt
  const what = `The last sweep, ${ago(age)} ago, removed ${objects} objects (${mebibytes(bytes)}) and ${items} items that nothing referred to.`
  return age > GONE_MS ? warn(check, what, `It costs storage only. ${SCHEDULES}`) : ok(check, what)
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}

function ago(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
