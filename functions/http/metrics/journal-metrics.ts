/** Counts the flushes of a journal: how many entries share one, and what it costs to make them durable. */
import { type Family, family, histogramFamily } from "./exposition.ts"
import { Histogram } from "./histogram.ts"
import { journalFailures, journalFlushEntries, journalFlushSeconds, journalWrittenBytes } from "./table/journal.ts"

/** Seconds. */
const FLUSH_BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const ENTRY_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

export class JournalMetrics {
  readonly #seconds = new Histogram(FLUSH_BOUNDS)
  readonly #entries = new Histogram(ENTRY_BOUNDS)
  #bytes = 0
  #failures = 0

  flushed(flush: { readonly entries: number; readonly bytes: number; readonly milliseconds: number }): void {
    this.#seconds.observe(flush.milliseconds / 1000)
    this.#entries.observe(flush.entries)
    this.#bytes += flush.bytes
  }

  failed(): void {
    this.#failures++
  }

  families(): readonly Family[] {
    return [
      histogramFamily(journalFlushSeconds, this.#seconds),
      histogramFamily(journalFlushEntries, this.#entries),
      family(journalWrittenBytes, this.#bytes),
      family(journalFailures, this.#failures),
    ]
  }
}
