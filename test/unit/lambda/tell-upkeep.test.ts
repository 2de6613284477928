/** What upkeep tells CloudWatch: of its runs, and of the lag of groups. */
import { describe, expect, it } from "vitest"
import type { GroupLagResult } from "../../../functions/groups/lag/group-lag.ts"
import { tellLag } from "../../../functions/lambda/tell-lag.ts"
import { tellUpkeep } from "../../../functions/lambda/tell-upkeep.ts"
import { noFailures } from "../../../functions/segments/upkeep/failure-codes.ts"
import { extract } from "../../fakes/emf.ts"

type Line = Readonly<Record<string, unknown>>

function told() {
  const said: Line[] = []
  return { said, parts: { deployment: "Stratalog", now: () => 5_000_000, say: (line: Line) => said.push(line) } }
}

/** As CloudWatch takes it. */
const taken = (line: Line) => extract(JSON.stringify(line)) ?? []

const failures = (count: number) => ({ ...noFailures(), count })
const run = { startedAt: 1, endedAt: 2, partitions: 3, sweep: false, complete: true, failures: failures(2) }

describe("upkeep", () => {
  const valuesOf = (line: Line) => Object.fromEntries(taken(line).map(({ name, values: [value] }) => [name, value]))

  it("tells failures of each run and nudge, and the backlog where a round has ended", () => {
    const { said, parts } = told()
    const tell = tellUpkeep(parts)
    tell({ lastRun: run })
    tell({ lastNudge: { ...run, failures: failures(0) } })
    const backlog = { waitingBytes: 10, overduePartitions: 1, overdueSince: 4_990_000 }
    const lastRound = { startedAt: 1, endedAt: 2, partitions: 3, unfinished: false, failures: failures(2), backlog }
    const lastSweep = { startedAt: 1, endedAt: 2, partitions: 3, removed: { objects: 1, items: 2, bytes: 99 } }
    tell({ lastRun: run, lastRound, lastSweep })
    tell({ lastRun: run, lastRound: { ...lastRound, backlog: { ...backlog, overdueSince: null } } })
    expect(said.map(valuesOf)).toEqual([
      { stratalog_upkeep_failures_total: 2 },
      { stratalog_upkeep_failures_total: 0 },
      {
        stratalog_upkeep_failures_total: 2,
        stratalog_upkeep_backlog_bytes: 10,
        stratalog_upkeep_overdue_partitions: 1,
        stratalog_upkeep_overdue_seconds: 10,
        stratalog_upkeep_orphan_bytes: 99,
      },
      expect.objectContaining({ stratalog_upkeep_overdue_seconds: 0 }),
    ])
    expect(said.every(({ Deployment, level }) => Deployment === "Stratalog" && level === "info")).toBe(true)
  })
})

describe("lag", () => {
  const partition = { topic: "t", partition: 0, logStartOffset: 0, highWatermark: 9, memberId: null }
  const results: Readonly<Record<string, GroupLagResult>> = {
    behind: {
      kind: "lag",
      totalLag: 5,
      partitions: [
        { ...partition, committedOffset: 4, lag: 5 },
        { ...partition, partition: 1, committedOffset: null, lag: null },
      ],
    },
    unread: { kind: "lag", totalLag: 0, partitions: [{ ...partition, committedOffset: null, lag: null }] },
    gone: { kind: "group_not_found", group: "gone" },
    hidden: { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "too much" },
  }
  const lagOf = async (group: string) => results[group] ?? { kind: "group_not_found", group }

  it("is told by group, and not made up where nobody knows it", async () => {
    const { said, parts } = told()
    await tellLag(["hidden", "gone", "unread", "behind"], { ...parts, lagOf })
    expect(said.slice(0, 2)).toMatchObject([
      { level: "warn", event: "lag_unknown", group: "hidden", reason: "throttled" },
      { level: "info", event: "lag_unknown", group: "gone", reason: "group_not_found" },
    ])
    expect(said.slice(2).flatMap(taken)).toEqual([
      {
        namespace: "Stratalog",
        name: "stratalog_group_lag",
        unit: "Count",
        values: [5],
        dimensions: { Deployment: "Stratalog", Group: "behind" },
      },
    ])
  })
})
