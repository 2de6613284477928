import type { GroupLag } from "../../client/groups.ts"
import type { Session } from "../session.ts"
import { tableLines } from "./table.ts"

export function lagLines({ paint, show }: Session, lag: GroupLag): string[] {
  return tableLines(
    [
      { header: "TOPIC", cell: (row) => row.topic },
      { header: "PARTITION", align: "right", cell: (row) => String(row.partition) },
      { header: "COMMITTED", align: "right", cell: (row) => String(row.committedOffset ?? "-") },
      { header: "LOG START", align: "right", cell: (row) => String(row.logStartOffset) },
      { header: "HIGH WATERMARK", align: "right", cell: (row) => String(row.highWatermark) },
      { header: "LAG", align: "right", cell: (row) => (row.lag === null ? "-" : show.count(row.lag)) },
      { header: "MEMBER", cell: (row) => row.memberId ?? "-" },
    ],
    lag.partitions,
    paint,
  )
}
