import type { CommittedOffset } from "../../client/groups.ts"
import type { Session } from "../session.ts"
import { printable } from "./printable.ts"
import { tableLines } from "./table.ts"

export function committedLines({ paint, show }: Session, offsets: readonly CommittedOffset[]): string[] {
  return tableLines(
    [
      { header: "TOPIC", cell: (row) => row.topic },
      { header: "PARTITION", align: "right", cell: (row) => String(row.partition) },
      { header: "OFFSET", align: "right", cell: (row) => String(row.offset) },
      { header: "COMMITTED", cell: (row) => show.time(row.committedAt) },
      { header: "METADATA", cell: (row) => printable(row.metadata) },
    ],
    offsets,
    paint,
  )
}
