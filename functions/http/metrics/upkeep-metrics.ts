/** Counts what upkeep did. */
import { type Family, family, histogramFamily } from "./exposition.ts"
import { Histogram } from "./histogram.ts"
import type { Metric } from "./table/metric.ts"
import { upkeepCounts, upkeepFailures, upkeepSeconds } from "./table/upkeep.ts"

/** What is counted of a report; functions/segments/upkeep/report.ts says what each number means. */
export type CountedUpkeep = { readonly [Field in keyof typeof upkeepCounts]: number }

const BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60]

export class UpkeepMetrics {
  readonly #seconds = new Histogram(BOUNDS)
  readonly #sums = new Map<Metric<never>, number>()
  #failures = 0

  finished(report: CountedUpkeep & { readonly failures: readonly unknown[] }, seconds: number): void {
    this.#seconds.observe(seconds)
    this.#failures += report.failures.length
    for (const [metric, value] of counted(report)) this.#sums.set(metric, (this.#sums.get(metric) ?? 0) + value)
  }

  families(): readonly Family[] {
    return [
      histogramFamily(upkeepSeconds, this.#seconds),
      family(upkeepFailures, this.#failures),
      ...Object.values(upkeepCounts).map((metric) => family(metric, this.#sums.get(metric) ?? 0)),
    ]
  }
}

function counted(report: CountedUpkeep): readonly (readonly [Metric<never>, number])[] {
  const values = new Map<string, number>(Object.entries(report).filter(([, value]) => typeof value === "number"))
  return Object.entries(upkeepCounts).map(([field, metric]) => [metric, values.get(field) ?? 0])
}
