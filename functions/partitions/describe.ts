import type { DescribeOutcome, PartitionRef } from "../log/ports.ts"
import type { PartitionIndex } from "./ports.ts"

/** A partition's state, from its head alone. */
export async function describePartition(
  index: Pick<PartitionIndex, "head">,
  partition: PartitionRef,
): Promise<DescribeOutcome> {
  const read = await index.head(partition)
  if (read.kind !== "head") return read.kind === "unavailable" ? { ...read, sideEffects: "none" } : read
  const { logStartOffset, nextOffset, fencingToken, bytesAppended, bytesBelowStart } = read.head
  const sizeInBytes = Math.max(0, bytesAppended - bytesBelowStart)
  return { kind: "partition", state: { logStartOffset, highWatermark: nextOffset, fencingToken, sizeInBytes } }
}
