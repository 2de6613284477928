/** Where a consumer begins in each partition. */
import type { Stratalog } from "../../client/stratalog.ts"
import type { PartitionOffsets } from "../../client/topic.ts"
import { inputFailure, usageFailure } from "../failure.ts"
import type { Position } from "../parse/position.ts"

export interface StartRequest {
  readonly topic: string
  /** Absent: all. */
  readonly partitions: readonly number[] | undefined
  readonly from: Position
  readonly signal: AbortSignal
}

/** The first offset to read of each partition. */
export async function startOffsets(log: Stratalog, request: StartRequest): Promise<Readonly<Record<number, number>>> {
  const { topic, from, signal } = request
  const timestamp = from.kind === "time" ? from.timestamp : undefined
  const offsets = await log.topic(topic).offsets({ timestamp, signal })
  const wanted = wantedPartitions(request, offsets)
  if (from.kind === "offset" && wanted.length > 1) {
    throw usageFailure(`An offset is of one partition, and ${topic} has ${offsets.length}: say --partition too.`)
  }
  return Object.fromEntries(wanted.map((ends) => [ends.partition, positionIn(ends, from)]))
}

function wantedPartitions(request: StartRequest, offsets: readonly PartitionOffsets[]): readonly PartitionOffsets[] {
  const { partitions, topic } = request
  if (partitions === undefined) return offsets
  return [...new Set(partitions)].map((wanted) => {
    const found = offsets.find(({ partition }) => partition === wanted)
    if (found !== undefined) return found
    throw usageFailure(`${topic} has no partition ${wanted}: its partitions are 0 to ${offsets.length - 1}.`)
  })
}

function positionIn({ partition, logStartOffset, highWatermark, offset }: PartitionOffsets, from: Position): number {
  switch (from.kind) {
    case "earliest":
      return logStartOffset
    case "latest":
      return highWatermark
    case "offset":
      if (from.offset <= highWatermark) return from.offset
      throw inputFailure(
        `Offset ${from.offset} is beyond the end of partition ${partition}: its next record gets ${highWatermark}.`,
      )
    case "time":
      // No record is that young yet: only those to come are.
      return offset ?? highWatermark
  }
}
