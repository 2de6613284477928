/**
 * What a function counts for CloudWatch: it gathers over requests and tells now and then, as each line costs. What an
 * environment has not told when it is frozen for good, a few seconds of its work, is lost.
 */
import type { Exchange } from "../http/api.ts"
import { costOf, functionDollars } from "../http/metrics/costs.ts"
import type { LogCounts } from "../http/metrics/log-counts.ts"
import { httpErrors, httpRequestSeconds, httpRequests } from "../http/metrics/table/exchanges.ts"
import type { Dimension, Metric } from "../http/metrics/table/metric.ts"
import { appendedBytes, readBytes, recordsAppended, recordsRead } from "../http/metrics/table/records.ts"
import * as storage from "../http/metrics/table/storage.ts"
import type { StorageAttempt, StorageObserver } from "../log/storage-observer.ts"
import { type Figure, figuresLine, MOST_VALUES } from "./figures.ts"
import type { report } from "./report.ts"

export interface FunctionFiguresOptions {
  /** The name of the deployment's stack. */
  readonly deployment: string
  /** Such as `produce`. */
  readonly name: string
  readonly memoryMiB: number
  readonly now: () => number
  readonly say: typeof report
}

/** So often at the most while requests come, milliseconds. */
const TELL_EVERY_MS = 10_000

export class FunctionFigures implements Omit<StorageObserver, "rolled">, LogCounts {
  readonly #options: FunctionFiguresOptions
  #sums = new Map<Metric, number>()
  #seconds: number[] = []
  /** Metrics that are told by code or reason. */
  #apart = new Map<
    string,
    { readonly metric: Metric; readonly dimension: Dimension; readonly of: string; count: number }
  >()
  #toldAt = Number.NEGATIVE_INFINITY
  #isUrgent = false

  constructor(options: FunctionFiguresOptions) {
    this.#options = options
  }

  finished({ answer: { status, code }, seconds }: Pick<Exchange, "answer" | "seconds">): void {
    this.#add(httpRequests, 1)
    this.invoked(seconds)
    this.#seconds.push(Math.round(seconds * 100_000) / 100_000)
    if (code !== undefined) this.#count(httpErrors, "Code", code)
    if (status >= 500) this.#isUrgent = true
  }

  /** The function ran so long. */
  invoked(seconds: number): void {
    this.#add(storage.estimatedCost, functionDollars(seconds, this.#options.memoryMiB))
  }

  attempted(attempt: StorageAttempt): void {
    const { ended, writeUnits, readUnits } = attempt
    this.#add(storage.writeUnits, writeUnits)
    this.#add(storage.readUnits, readUnits)
    this.#add(storage.estimatedCost, costOf(attempt)?.dollars ?? 0)
    if (ended === "throttled") this.#add(storage.storageThrottles, 1)
    if (ended === "failed") this.#add(storage.storageFailures, 1)
  }

  refused(reason: string): void {
    this.#count(storage.conditionalFailures, "Reason", reason)
  }

  appended(records: number, bytes: number): void {
    this.#add(recordsAppended, records)
    this.#add(appendedBytes, bytes)
  }

  read(records: number, bytes: number): void {
    this.#add(recordsRead, records)
    this.#add(readBytes, bytes)
  }

  /** A request was answered: tells if it is time to. */
  answered(): void {
    const { now } = this.#options
    const isTime = now() - this.#toldAt >= TELL_EVERY_MS || this.#seconds.length >= MOST_VALUES
    if (isTime || this.#isUrgent) this.#tell(now())
  }

  #add(metric: Metric, value: number): void {
    if (value > 0) this.#sums.set(metric, (this.#sums.get(metric) ?? 0) + value)
  }

  #count(metric: Metric, dimension: Dimension, of: string): void {
    const key = `${dimension} ${of}`
    const counted = this.#apart.get(key) ?? { metric, dimension, of, count: 0 }
    counted.count += 1
    this.#apart.set(key, counted)
  }

  #tell(at: number): void {
    const { deployment, name } = this.#options
    const figures: Figure[] = [...this.#sums].map(([metric, value]) => ({ metric, value }))
    if (this.#seconds.length > 0) figures.push({ metric: httpRequestSeconds, value: this.#seconds })
    if (figures.length > 0) this.#say({ deployment, at, dimensions: { Function: name } }, figures)
    for (const { metric, dimension, of, count } of this.#apart.values()) {
      this.#say({ deployment, at, dimensions: { [dimension]: of } }, [{ metric, value: count }])
    }
    this.#sums = new Map()
    this.#seconds = []
    this.#apart = new Map()
    this.#toldAt = at
    this.#isUrgent = false
  }

  #say(of: Parameters<typeof figuresLine>[0], figures: readonly Figure[]): void {
    this.#options.say({ level: "info", ...figuresLine(of, figures) })
  }
}
