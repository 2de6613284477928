/** Which partition each record goes to: its own choice, then its key (Kafka's murmur2), then one for all the others. */
import { murmur2Partition } from "stratalog/record-batch"
import type { UnstampedRecord } from "./encoded-records.ts"

export interface RoutableRecord extends UnstampedRecord {
  readonly partition?: number
}

export interface RoutedRecords {
  readonly partition: number
  readonly records: readonly RoutableRecord[]
  /** Where the records stood in the request. */
  readonly positions: readonly number[]
}

/** In the order in which the partitions first appear. `keylessPartition` takes the records without key and choice. */
export function routeRecords(
  records: readonly RoutableRecord[],
  partitions: number,
  keylessPartition: number,
): readonly RoutedRecords[] {
  const routed = new Map<number, { partition: number; records: RoutableRecord[]; positions: number[] }>()
  records.forEach((record, position) => {
    const partition = record.partition ?? partitionOf(record.key, partitions, keylessPartition)
    const group = routed.get(partition) ?? { partition, records: [], positions: [] }
    group.records.push(record)
    group.positions.push(position)
    routed.set(partition, group)
  })
  return [...routed.values()]
}

function partitionOf(key: Uint8Array | null, partitions: number, keylessPartition: number): number {
  return key === null ? keylessPartition : murmur2Partition(key, partitions)
}
