/** Counts what a storage asks of the services that it is kept in, and what that costs. */
import type { ConditionReason, StorageAttempt, StorageObserver } from "../../log/storage-observer.ts"
import { type CostItem, costOf } from "./costs.ts"
import { type Family, family, histogramFamily, type Sample } from "./exposition.ts"
import { Histogram } from "./histogram.ts"
import * as table from "./table/storage.ts"

type Service = StorageAttempt["service"]

/** Seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

interface ServiceCounts {
  readonly operations: Map<string, number>
  readonly seconds: Histogram
  throttled: number
  failed: number
}

export class StorageMetrics implements StorageObserver {
  readonly #services = new Map<Service, ServiceCounts>()
  readonly #refused = new Map<ConditionReason, number>()
  #rolls = 0
  readonly #dollars = new Map<CostItem, number>()
  #writeUnits = 0
  #readUnits = 0

  attempted(attempt: StorageAttempt): void {
    const { service, operation, seconds, ended, writeUnits, readUnits } = attempt
    const cost = costOf(attempt)
    if (cost !== undefined) this.#dollars.set(cost.item, (this.#dollars.get(cost.item) ?? 0) + cost.dollars)
    const counts = this.#of(service)
    counts.operations.set(operation, (counts.operations.get(operation) ?? 0) + 1)
    counts.seconds.observe(seconds)
    if (ended === "throttled") counts.throttled += 1
    if (ended === "failed") counts.failed += 1
    this.#writeUnits += writeUnits
    this.#readUnits += readUnits
  }

  refused(reason: ConditionReason): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1)
  }

  rolled(): void {
    this.#rolls += 1
  }

  families(): readonly Family[] {
    const services = [...this.#services]
    const by = (pick: (counts: ServiceCounts) => number) =>
      services.map(([service, counts]) => ({ labels: { service }, value: pick(counts) }))
    return [
      family(
        table.storageRequests,
        services.flatMap(([service, counts]) => operationsOf(service, counts)),
      ),
      histogramFamily(
        table.storageRequestSeconds,
        services.map(([service, { seconds }]) => ({ labels: { service }, histogram: seconds })),
      ),
      family(
        table.storageThrottles,
        by(({ throttled }) => throttled),
      ),
      family(
        table.storageFailures,
        by(({ failed }) => failed),
      ),
      family(
        table.conditionalFailures,
        [...this.#refused].map(([reason, value]) => ({ labels: { reason }, value })),
      ),
      family(table.rolls, this.#rolls),
      family(table.writeUnits, this.#writeUnits),
      family(table.readUnits, this.#readUnits),
      family(
        table.estimatedCost,
        [...this.#dollars].map(([item, value]) => ({ labels: { item }, value })),
      ),
    ]
  }

  #of(service: Service): ServiceCounts {
    let counts = this.#services.get(service)
    if (counts === undefined) {
      counts = { operations: new Map(), seconds: new Histogram(BOUNDS), throttled: 0, failed: 0 }
      this.#services.set(service, counts)
    }
    return counts
  }
}

function operationsOf(service: Service, { operations }: ServiceCounts): readonly Sample<"service" | "operation">[] {
  return [...operations].map(([operation, value]) => ({ labels: { service, operation }, value }))
}
