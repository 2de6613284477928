import type { Paint } from "../format/paint.ts"
import type { Quantities } from "../format/quantities.ts"
import type { Column } from "../format/table.ts"

/** A frame of the journal, as `inspectDataDirectory` of stratalog-server gives it. */
export interface Frame {
  readonly kind: "frame"
  readonly file: string
  readonly position: number
  readonly sizeInBytes: number
  readonly type: string
  readonly topicId?: string
  readonly partition?: number
  readonly baseOffset?: number
  readonly recordCount?: number
  readonly maxTimestamp?: number
  readonly producer?: { readonly id: number; readonly epoch: number; readonly sequence: number }
  readonly crcOk: boolean
  readonly detail?: string
  readonly batch?: Uint8Array
}

export function frameColumns(show: Quantities, paint: Paint): Column<Frame>[] {
  return [
    { header: "POSITION", align: "right", cell: ({ position }) => String(position) },
    { header: "FRAME", cell: ({ type }) => type },
    { header: "TOPIC ID", cell: ({ topicId }) => topicId ?? "-" },
    { header: "PARTITION", align: "right", cell: ({ partition }) => String(partition ?? "-") },
    { header: "OFFSETS", align: "right", cell: offsetsText },
    { header: "SIZE", align: "right", cell: ({ sizeInBytes }) => show.bytes(sizeInBytes) },
    { header: "PRODUCER", cell: producerText },
    {
      header: "MAX TIMESTAMP",
      cell: ({ maxTimestamp }) => (maxTimestamp === undefined ? "-" : show.time(maxTimestamp)),
    },
    { header: "CRC", cell: ({ crcOk }) => (crcOk ? "ok" : paint("red", "BAD")) },
    { header: "DETAIL", cell: ({ detail }) => detail ?? "" },
  ]
}

function offsetsText({ baseOffset, recordCount }: Frame): string {
  if (baseOffset === undefined) return "-"
  return recordCount === undefined || recordCount < 2
    ? String(baseOffset)
    : `${baseOffset}-${baseOffset + recordCount - 1}`
}

function producerText({ producer }: Frame): string {
  return producer === undefined ? "-" : `${producer.id}/${producer.epoch}@${producer.sequence}`
}
