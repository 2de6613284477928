import type { PartitionOffsets } from "../../client/topic.ts"
import type { TopicDescription } from "../../client/topics.ts"
import type { Session } from "../session.ts"
import { type Column, tableLines } from "./table.ts"

/** A topic with its partitions, for people: settings made on purpose are marked. */
export function describeTopicLines(
  session: Session,
  topic: TopicDescription,
  offsets: readonly PartitionOffsets[],
): string[] {
  const { paint, show } = session
  const config = Object.entries(topic.config).map(([name, value]) => ({
    name,
    value: String(value),
    set: topic.overrides.includes(name) ? "set" : "default",
  }))
  return [
    `${paint("bold", topic.name)}  id ${topic.id}  created ${show.time(topic.createdAt)}`,
    "",
    ...tableLines(partitionColumns(session), offsets, paint),
    "",
    ...tableLines(
      [
        { header: "CONFIG", cell: (row) => row.name },
        { header: "VALUE", cell: (row) => row.value },
        { header: "SOURCE", cell: (row) => row.set },
      ],
      config,
      paint,
    ),
  ]
}

function partitionColumns({ show }: Session): Column<PartitionOffsets>[] {
  return [
    { header: "PARTITION", align: "right", cell: (row) => String(row.partition) },
    { header: "LOG START", align: "right", cell: (row) => String(row.logStartOffset) },
    { header: "HIGH WATERMARK", align: "right", cell: (row) => String(row.highWatermark) },
    { header: "OFFSETS", align: "right", cell: (row) => show.count(row.highWatermark - row.logStartOffset) },
    {
      header: "SIZE",
      align: "right",
      cell: (row) => (row.sizeInBytes === undefined ? "-" : show.bytes(row.sizeInBytes)),
    },
  ]
}
