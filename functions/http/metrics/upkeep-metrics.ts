/** Counts what upkeep did. */
import { counter, type Family, histogram } from "./exposition.ts"
import { Histogram } from "./histogram.ts"

/** What is counted of a report; functions/segments/upkeep/report.ts says what each number means. */
export interface CountedUpkeep {
  readonly expiredRecords: number
  readonly reclaimedSegments: number
  readonly reclaimedBytes: number
  readonly tieredSegments: number
  readonly tieredBytes: number
  readonly mergedSegments: number
  readonly mergedBytes: number
  readonly compactedSegments: number
  readonly compactedRecords: number
  readonly sweptObjects: number
  readonly sweptBytes: number
  readonly sweptItems: number
}

const METRICS: readonly (readonly [keyof CountedUpkeep, string, string])[] = [
  ["expiredRecords", "stratalog_upkeep_expired_records_total", "Records that retention took from logs."],
  ["tieredSegments", "stratalog_upkeep_tiered_segments_total", "Segments made of the recent part of logs."],
  ["tieredBytes", "stratalog_upkeep_tiered_bytes_total", "Bytes of record batches in these segments."],
  ["mergedSegments", "stratalog_upkeep_merged_segments_total", "Segments that became part of a larger one."],
  ["mergedBytes", "stratalog_upkeep_merged_bytes_total", "Bytes written for merged segments."],
  ["compactedSegments", "stratalog_upkeep_compacted_segments_total", "Segments that compaction went through."],
  ["compactedRecords", "stratalog_upkeep_compacted_records_total", "Records that compaction removed."],
  ["reclaimedSegments", "stratalog_upkeep_reclaimed_segments_total", "Segments that left the index."],
  ["reclaimedBytes", "stratalog_upkeep_reclaimed_bytes_total", "Bytes of these segments."],
  ["sweptObjects", "stratalog_upkeep_swept_objects_total", "Objects removed that nothing named any more."],
  ["sweptBytes", "stratalog_upkeep_swept_bytes_total", "Bytes of these objects."],
  ["sweptItems", "stratalog_upkeep_swept_items_total", "Items removed that nothing named any more."],
]

const BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60]

export class UpkeepMetrics {
  readonly #seconds = new Histogram(BOUNDS)
  readonly #sums = new Map<keyof CountedUpkeep, number>()
  #failures = 0

  finished(report: CountedUpkeep & { readonly failures: readonly unknown[] }, seconds: number): void {
    this.#seconds.observe(seconds)
    this.#failures += report.failures.length
    for (const [field] of METRICS) this.#sums.set(field, (this.#sums.get(field) ?? 0) + report[field])
  }

  families(): readonly Family[] {
    return [
      histogram("stratalog_upkeep_duration_seconds", "Pieces of a round of upkeep.", [{ histogram: this.#seconds }]),
      counter("stratalog_upkeep_failures_total", "Steps of upkeep that failed.", this.#failures),
      ...METRICS.map(([field, name, help]) => counter(name, help, this.#sums.get(field) ?? 0)),
    ]
  }
}
