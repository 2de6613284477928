/** Which readings are alarming. */
import type { Alert, ReadingRecord } from "./readings.ts"

/** Degrees Celsius; a reading exactly at a limit is still fine. */
export interface Thresholds {
  readonly high: number
  readonly low: number
}

export function alertOf({ value: reading, partition, offset }: ReadingRecord, limits: Thresholds): Alert | undefined {
  if (reading.celsius > limits.high) return { ...reading, kind: "high", limit: limits.high, partition, offset }
  if (reading.celsius < limits.low) return { ...reading, kind: "low", limit: limits.low, partition, offset }
  return undefined
}
