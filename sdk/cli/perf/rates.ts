/** How much went through in a while, in the words of Kafka's performance tools. */
import type { LatencySummary } from "./latencies.ts"

const MiB = 1024 ** 2

export interface Volume {
  readonly records: number
  /** Of keys and values. */
  readonly bytes: number
  readonly elapsedMs: number
}

export interface Rates {
  readonly recordsPerSecond: number
  /** A megabyte is 2^20 bytes, as in Kafka's tools. */
  readonly megabytesPerSecond: number
}

export function ratesOf({ records, bytes, elapsedMs }: Volume): Rates {
  const seconds = Math.max(elapsedMs, 0.001) / 1000
  return { recordsPerSecond: rounded(records / seconds), megabytesPerSecond: rounded(bytes / MiB / seconds) }
}

/** `5000 records sent, 999.8 records/sec (0.98 MB/sec)`. */
export function volumeText(volume: Volume, verb: "sent" | "read"): string {
  const { recordsPerSecond, megabytesPerSecond } = ratesOf(volume)
  const rate = `${recordsPerSecond.toFixed(1)} records/sec (${megabytesPerSecond.toFixed(2)} MB/sec)`
  return `${volume.records} records ${verb}, ${rate}`
}

/** `1.20 ms avg latency, 30.00 ms max latency`. */
export function latencyText({ avg, max }: LatencySummary): string {
  return `${avg.toFixed(2)} ms avg latency, ${max.toFixed(2)} ms max latency`
}

export function percentileText({ p50, p95, p99, p999 }: LatencySummary): string {
  const percentiles = Object.entries({ "50th": p50, "95th": p95, "99th": p99, "99.9th": p999 })
  return percentiles.map(([name, value]) => `${value.toFixed(1)} ms ${name}`).join(", ")
}

export function roundedLatency(summary: LatencySummary): LatencySummary {
  const { avg, p50, p95, p99, p999, max } = summary
  return {
    avg: rounded(avg),
    p50: rounded(p50),
    p95: rounded(p95),
    p99: rounded(p99),
    p999: rounded(p999),
    max: rounded(max),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
