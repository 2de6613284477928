/** Counts what a storage asks of the services that it is kept in, and what that costs. */
import { prices } from "stratalog/cost"
import type { ConditionReason, StorageAttempt, StorageObserver } from "../../log/storage-observer.ts"
import { type Family, family, histogramFamily, type Sample } from "./exposition.ts"
import { Histogram } from "./histogram.ts"
import * as table from "./table/storage.ts"

type Service = StorageAttempt["service"]

/** Seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Operations of S3 by what they are billed as; the others are free. */
const S3_PUTS = new Set(["PutObject", "ListObjectsV2", "CopyObject"])

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
  #writeUnits = 0
  #readUnits = 0

  attempted({ service, operation, seconds, ended, writeUnits, readUnits }: StorageAttempt): void {
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
      family(table.estimatedCost, this.#costs()),
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

  #costs(): readonly Sample<"item">[] {
    const s3 = this.#services.get("s3")?.operations ?? new Map<string, number>()
    const count = (isPut: boolean) =>
      [...s3].reduce((sum, [operation, value]) => {
        return (isPut ? S3_PUTS.has(operation) : operation === "GetObject") ? sum + value : sum
      }, 0)
    const dollars = {
      dynamodb_writes: this.#writeUnits * prices.dynamoDb.writeUnit,
      dynamodb_reads: this.#readUnits * prices.dynamoDb.readUnit,
      s3_puts: count(true) * prices.s3.put,
      s3_gets: count(false) * prices.s3.get,
    }
    return Object.entries(dollars).map(([item, value]) => ({ labels: { item }, value }))
  }
}

function operationsOf(service: Service, { operations }: ServiceCounts): readonly Sample<"service" | "operation">[] {
  return [...operations].map(([operation, value]) => ({ labels: { service, operation }, value }))
}
