import type { Paint } from "../format/paint.ts"
import type { Quantities } from "../format/quantities.ts"
import type { Column } from "../format/table.ts"
import type { FoundBatch } from "./scan.ts"

export function batchColumns(show: Quantities, paint: Paint): Column<FoundBatch>[] {
  return [
    { header: "POSITION", align: "right", cell: ({ at }) => String(at) },
    { header: "OFFSETS", align: "right", cell: ({ header }) => offsetRange(header.baseOffset, header.lastOffsetDelta) },
    { header: "RECORDS", align: "right", cell: ({ header }) => String(header.recordCount) },
    { header: "SIZE", align: "right", cell: ({ header }) => show.bytes(header.sizeInBytes) },
    { header: "CODEC", cell: ({ header }) => header.codec },
    { header: "PRODUCER", cell: producerText },
    { header: "MAX TIMESTAMP", cell: ({ header }) => show.time(header.maxTimestamp) },
    { header: "KIND", cell: kindText },
    { header: "CRC", cell: ({ crcOk }) => (crcOk ? "ok" : paint("red", "BAD")) },
  ]
}

/** The fields of a batch in JSON. */
export function batchJson({ at, header, crcOk }: FoundBatch): Readonly<Record<string, unknown>> {
  return {
    kind: "batch",
    position: at,
    sizeInBytes: header.sizeInBytes,
    baseOffset: header.baseOffset,
    lastOffset: header.baseOffset + header.lastOffsetDelta,
    recordCount: header.recordCount,
    codec: header.codec,
    baseTimestamp: header.baseTimestamp,
    maxTimestamp: header.maxTimestamp,
    timestampType: header.logAppendTime ? "LogAppendTime" : "CreateTime",
    partitionLeaderEpoch: header.partitionLeaderEpoch,
    transactional: header.transactional,
    control: header.control,
    ...(header.producerId === -1
      ? {}
      : { producer: { id: header.producerId, epoch: header.producerEpoch, sequence: header.baseSequence } }),
    crc: header.crc,
    crcOk,
  }
}

function offsetRange(baseOffset: number, lastOffsetDelta: number): string {
  return lastOffsetDelta === 0 ? String(baseOffset) : `${baseOffset}-${baseOffset + lastOffsetDelta}`
}

/** Without a producer id, epoch and sequence mean nothing, whatever clients write there. */
function producerText({ header }: FoundBatch): string {
  return header.producerId === -1 ? "-" : `${header.producerId}/${header.producerEpoch}@${header.baseSequence}`
}

function kindText({ header }: FoundBatch): string {
  const kinds = [
    header.control ? "control" : "",
    header.transactional ? "transactional" : "",
    header.logAppendTime ? "append-time" : "",
  ].filter((kind) => kind !== "")
  return kinds.length === 0 ? "data" : kinds.join(",")
}
