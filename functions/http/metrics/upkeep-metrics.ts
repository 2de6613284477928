/** Counts what upkeep did. */
import { type Family, family, histogramFamily } from "./exposition.ts"
import { Histogram } from "./histogram.ts"
import { upkeepCounts, upkeepFailures, upkeepSeconds } from "./table/upkeep.ts"

/** What is counted of a report; functions/segments/upkeep/report.ts says what each number means. */
export type CountedUpkeep = { readonly [Field in keyof typeof upkeepCounts]: number }

const FIELDS = Object.keys(upkeepCounts) as readonly (keyof CountedUpkeep)[]

const BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60]

export class UpkeepMetrics {
  readonly #seconds = new Histogram(BOUNDS)
  readonly #sums = new Map<keyof CountedUpkeep, number>()
  #failures = 0

  finished(report: CountedUpkeep & { readonly failures: readonly unknown[] }, seconds: number): void {
    this.#seconds.observe(seconds)
    this.#failures += report.failures.length
    for (const field of FIELDS) this.#sums.set(field, (this.#sums.get(field) ?? 0) + report[field])
  }

  families(): readonly Family[] {
    return [
      histogramFamily(upkeepSeconds, this.#seconds),
      family(upkeepFailures, this.#failures),
      ...FIELDS.map((field) => family(upkeepCounts[field], this.#sums.get(field) ?? 0)),
    ]
  }
}
