/** Where a consumer begins in each partition. */
import { StratalogError } from "../../client/errors.ts"
import type { CommittedOffset } from "../../client/groups.ts"
import type { Stratalog } from "../../client/stratalog.ts"
import type { PartitionOffsets } from "../../client/topic.ts"
import { inputFailure, usageFailure } from "../failure.ts"
import type { Position } from "../parse/position.ts"

export interface StartRequest {
  readonly topic: string
  /** Absent: all. */
  readonly partitions: readonly number[] | undefined
  /** Where a partition begins that the group has committed nothing for. */
  readonly from: Position
  readonly group: string | undefined
  readonly signal: AbortSignal
}

/** The first offset to read of each partition. */
export async function startOffsets(log: Stratalog, request: StartRequest): Promise<Readonly<Record<number, number>>> {
  const { topic, from, group, signal } = request
  const timestamp = from.kind === "time" ? from.timestamp : undefined
  const [offsets, committed] = await Promise.all([
    log.topic(topic).offsets({ timestamp, signal }),
    group === undefined ? [] : committedOffsets(log, group, topic, signal),
  ])
  const wanted = wantedPartitions(request, offsets)
  if (from.kind === "offset" && wanted.length > 1 && committed.length === 0) {
    throw usageFailure(`An offset is of one partition, and ${topic} has ${offsets.length}: say --partition too.`)
  }
  const start = (ends: PartitionOffsets) =>
    committed.find(({ partition }) => partition === ends.partition)?.offset ?? positionIn(ends, from)
  return Object.fromEntries(wanted.map((ends) => [ends.partition, start(ends)]))
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

/** A group that has committed nothing is not there yet. */
async function committedOffsets(
  log: Stratalog,
  group: string,
  topic: string,
  signal: AbortSignal,
): Promise<readonly CommittedOffset[]> {
  try {
    return await log.group(group).committed({ topic, signal })
  } catch (error) {
    if (error instanceof StratalogError && error.code === "group_not_found") return []
    throw error
  }
}
