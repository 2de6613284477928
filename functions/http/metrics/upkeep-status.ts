/** What upkeep left to do, and when it last ran, by the record that `GET /v1/upkeep` tells: whoever keeps house, the answer is the same. */
import type { Clock } from "../../log/ports.ts"
import type { UpkeepRecord, UpkeepRecords } from "../../segments/upkeep/records.ts"
import { type Family, family } from "./exposition.ts"
import * as table from "./table/upkeep.ts"

export interface UpkeepStatusSource {
  readonly upkeepRecords: UpkeepRecords
  readonly clock: Clock
}

export async function upkeepStatusFamilies({ upkeepRecords, clock }: UpkeepStatusSource): Promise<readonly Family[]> {
  const outcome = await upkeepRecords.read()
  if (outcome.kind === "unavailable") return []
  return [...backlogFamilies(outcome.record, clock.now()), ...sweepFamilies(outcome.record), endsOf(outcome.record)]
}

function backlogFamilies({ lastRound }: UpkeepRecord, now: number): readonly Family[] {
  if (lastRound === undefined) return []
  const { waitingBytes, overduePartitions, overdueSince } = lastRound.backlog
  const overdueMs = overdueSince === null ? 0 : Math.max(0, now - overdueSince)
  return [
    family(table.backlogBytes, waitingBytes),
    family(table.overduePartitions, overduePartitions),
    family(table.overdueSeconds, overdueMs / 1000),
  ]
}

function sweepFamilies({ lastSweep }: UpkeepRecord): readonly Family[] {
  if (lastSweep === undefined) return []
  const { bytes, objects, items } = lastSweep.removed
  const byKind = Object.entries({ objects, items })
  return [
    family(table.orphanBytes, bytes),
    family(
      table.orphans,
      byKind.map(([kind, value]) => ({ labels: { kind }, value })),
    ),
  ]
}

function endsOf({ lastRun, lastRound, lastSweep, lastNudge }: UpkeepRecord): Family {
  const ends = Object.entries({ run: lastRun, round: lastRound, sweep: lastSweep, nudge: lastNudge })
  const samples = ends.flatMap(([kind, piece]) =>
    piece === undefined ? [] : [{ labels: { kind }, value: piece.endedAt / 1000 }],
  )
  return family(table.lastUpkeep, samples)
}
