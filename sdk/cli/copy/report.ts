/** What a copy did, and what one would do, for people. */
import { tableLines } from "../format/table.ts"
import type { Session } from "../session.ts"
import type { CopiedGroup } from "./copied-groups.ts"
import type { CopiedPartition, CopyResult } from "./copy-log.ts"
import { firstOffset, offsetsToCopy, type TopicPlan } from "./plan.ts"
import type { Verified } from "./verify-copy.ts"

export function planLines({ paint, show }: Session, plans: readonly TopicPlan[]): string[] {
  const rows = plans.flatMap((plan) => plan.partitions.map((partition) => ({ plan, ...partition })))
  return tableLines(
    [
      { header: "TOPIC", cell: (row) => row.at.topic },
      { header: "PARTITION", align: "right", cell: (row) => String(row.at.partition) },
      { header: "FROM OFFSET", align: "right", cell: (row) => String(firstOffset(row)) },
      { header: "TO OFFSET", align: "right", cell: (row) => String(row.source.highWatermark) },
      {
        header: "TO COPY",
        align: "right",
        cell: (row) => show.count(offsetsToCopy(row)),
      },
      { header: "TARGET", cell: ({ plan, start }) => targetState(plan, start.target) },
    ],
    rows,
    paint,
  )
}

function targetState({ target }: TopicPlan, end: number): string {
  if (target === undefined) return "made"
  return end === 0 ? "empty" : `goes on at ${end}`
}

export function copyLines(session: Session, { partitions, groups, verified }: CopyResult): string[] {
  const behind = partitions.reduce((sum, partition) => sum + partition.behind, 0)
  return [
    ...partitionLines(session, partitions, verified),
    ...(groups.length === 0 ? [] : ["", ...groupLines(session, groups)]),
    ...(behind === 0 ? [] : ["", `${behind} records came meanwhile: run it again to copy them, too.`]),
  ]
}

function partitionLines(
  { paint, show }: Session,
  partitions: readonly CopiedPartition[],
  verified: readonly Verified[],
): string[] {
  const found = new Map(verified.map((each) => [`${each.topic}/${each.partition}`, each]))
  const same = (row: CopiedPartition) => found.get(`${row.topic}/${row.partition}`)
  return tableLines(
    [
      { header: "TOPIC", cell: (row) => row.topic },
      { header: "PARTITION", align: "right", cell: (row) => String(row.partition) },
      { header: "COPIED", align: "right", cell: (row) => show.count(row.records) },
      { header: "END", align: "right", cell: (row) => String(row.end.target) },
      { header: "BEHIND", align: "right", cell: (row) => show.count(row.behind) },
      { header: "OFFSETS", cell: offsetsOf },
      ...(verified.length === 0
        ? []
        : [
            {
              header: "THE SAME",
              align: "right" as const,
              cell: (row: CopiedPartition) => show.count(same(row)?.records ?? 0),
            },
            { header: "SHA-256", cell: (row: CopiedPartition) => same(row)?.checksum.slice(0, 16) ?? "-" },
          ]),
    ],
    partitions,
    paint,
  )
}

/** Where compaction took records, those behind them move up. */
function offsetsOf({ changedFrom, end }: CopiedPartition): string {
  if (changedFrom === null) return "kept"
  return `changed from ${changedFrom} on, by ${end.source - end.target} at the end`
}

function groupLines({ paint }: Session, groups: readonly CopiedGroup[]): string[] {
  return tableLines(
    [
      { header: "GROUP", cell: (row) => row.group },
      { header: "MOVED", align: "right", cell: (row) => String(row.moved) },
      { header: "THERE ALREADY", align: "right", cell: (row) => String(row.stayed) },
      { header: "NOT COPIED", cell: (row) => row.refused ?? "" },
    ],
    groups,
    paint,
  )
}
