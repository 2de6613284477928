/** What the same workload costs elsewhere on AWS, each as its price list counts. */
import type { Prices } from "./prices.ts"
import { GB, MONTH_HOURS, MONTH_SECONDS, monthlyBytes, retainedGb, type Workload } from "./workload.ts"

export interface Alternative {
  readonly name: string
  /** In a month. */
  readonly dollars: number
}

const KINESIS_RECORD_BYTES = 1024
const KINESIS_PUT_BYTES = 25 * 1024
const SHARD_BYTES_PER_SECOND = 1_000_000
const SHARD_RECORDS_PER_SECOND = 1000
const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS

export function alternatives(workload: Workload, prices: Prices): readonly Alternative[] {
  return [
    { name: "Kinesis on demand", dollars: kinesisOnDemand(workload, prices) },
    { name: "Kinesis provisioned", dollars: kinesisProvisioned(workload, prices) },
    { name: "MSK Serverless", dollars: mskServerless(workload, prices) },
  ]
}

function kinesisOnDemand(workload: Workload, { kinesis }: Prices): number {
  const inBytes = Math.ceil(workload.recordBytes / KINESIS_RECORD_BYTES) * KINESIS_RECORD_BYTES
  const gbIn = (workload.recordsPerSecond * inBytes * MONTH_SECONDS) / GB
  const gbOut = (monthlyBytes(workload) * workload.consumers) / GB
  return (
    MONTH_HOURS * kinesis.streamHour +
    gbIn * kinesis.gbIn +
    gbOut * kinesis.gbOut +
    gbStored(workload, DAY_MS, WEEK_MS) * kinesis.extendedGbMonth +
    gbStored(workload, WEEK_MS, Number.POSITIVE_INFINITY) * kinesis.longTermGbMonth
  )
}

/** As many shards as the average rate fills: a peak above it needs more. */
function kinesisProvisioned(workload: Workload, { kinesisProvisioned: kinesis }: Prices): number {
  const { recordsPerSecond, recordBytes } = workload
  const shards = Math.max(
    1,
    Math.ceil((recordsPerSecond * recordBytes) / SHARD_BYTES_PER_SECOND),
    Math.ceil(recordsPerSecond / SHARD_RECORDS_PER_SECOND),
  )
  const puts = recordsPerSecond * MONTH_SECONDS * Math.max(1, Math.ceil(recordBytes / KINESIS_PUT_BYTES))
  const shardHour = kinesis.shardHour + (workload.retentionMs > DAY_MS ? kinesis.extendedShardHour : 0)
  return (
    shards * MONTH_HOURS * shardHour +
    puts * kinesis.putUnit +
    gbStored(workload, WEEK_MS, Number.POSITIVE_INFINITY) * kinesis.longTermGbMonth
  )
}

function mskServerless(workload: Workload, { mskServerless: msk }: Prices): number {
  const gigabytes = monthlyBytes(workload) / GB
  return (
    MONTH_HOURS * (msk.clusterHour + workload.partitions * msk.partitionHour) +
    gigabytes * msk.gbIn +
    gigabytes * workload.consumers * msk.gbOut +
    gbStored(workload, 0, Number.POSITIVE_INFINITY) * msk.gbMonth
  )
}

/** GB whose age is between the two. */
function gbStored(workload: Workload, fromMs: number, toMs: number): number {
  const retentionMs = Math.max(0, Math.min(workload.retentionMs, toMs) - fromMs)
  return retainedGb({ ...workload, retentionMs }, workload.recordsPerSecond * workload.recordBytes)
}
