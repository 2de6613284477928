/** Which partition a record goes to. */
import { crc32Partition, murmur2Partition } from "../../record-batch/partition.ts"
import { invalidArgument } from "../errors.ts"

/** The partition, from 0 to `partitions` - 1, of a key's bytes. */
export type Partitioner = (key: Uint8Array, partitions: number, topic: string) => number

export const partitioners: Readonly<Record<"murmur2" | "crc32", Partitioner>> = {
  murmur2: murmur2Partition,
  crc32: crc32Partition,
}

export function requirePartition(partition: number, partitions: number, topic: string): number {
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition
  throw invalidArgument(
    `Topic ${topic} has ${partitions} partition${partitions === 1 ? "" : "s"}, numbered from 0: there is no partition ${partition}.`,
  )
}

/** Any partition but the one before, where there is another: batches without keys spread over all of them. */
export function nextStickyPartition(partitions: number, previous: number | undefined, random: number): number {
  if (previous === undefined || partitions === 1 || previous >= partitions) return Math.floor(random * partitions)
  const other = Math.floor(random * (partitions - 1))
  return other < previous ? other : other + 1
}
