import type { PlacementWish } from "./placement-limits.ts"

/** A steady workload. Rates are averages over the month: what is idle costs nothing but storage. */
export interface Workload {
  readonly recordsPerSecond: number
  /** Key and value of a record, after compression where the producer compresses, bytes. */
  readonly recordBytes: number
  /** Records in one produce request, all to one partition. */
  readonly recordsPerRequest: number
  readonly partitions: number
  readonly retentionMs: number
  /** Groups of consumers that each read every record once. */
  readonly consumers: number
  /** Fetch requests of one consumer, all its partitions together. */
  readonly fetchesPerSecond: number
  /** How long a fetch waits for records on average: in Lambda waiting is paid for. */
  readonly waitMs: number
  /** Idempotent producers whose state is in the head of a partition at a time. */
  readonly producersPerPartition: number
  readonly placement: PlacementWish
  readonly frontDoor: FrontDoor
  /** Of the Lambda function. */
  readonly memoryMiB: number
}

export type FrontDoor = "http-api" | "function-url"

export const defaultWorkload: Workload = {
  recordsPerSecond: 10,
  recordBytes: 1024,
  recordsPerRequest: 1,
  partitions: 1,
  retentionMs: 7 * 86_400_000,
  consumers: 1,
  fetchesPerSecond: 1,
  waitMs: 0,
  producersPerPartition: 1,
  placement: "cost",
  frontDoor: "http-api",
  memoryMiB: 512,
}

/** 730 hours. */
export const MONTH_SECONDS = 730 * 3600
export const MONTH_HOURS = 730
/** What the price lists call a GB. */
export const GB = 1024 ** 3

/** Of keys and values that are written in a month. */
export function monthlyBytes({ recordsPerSecond, recordBytes }: Workload): number {
  return recordsPerSecond * recordBytes * MONTH_SECONDS
}

/** GB on average that lie there once the oldest records expire. */
export function retainedGb(workload: Workload, bytesPerSecond: number): number {
  return (bytesPerSecond * workload.retentionMs) / 1000 / GB
}
