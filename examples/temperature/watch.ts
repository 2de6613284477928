/** The consumer: reads temperatures, publishes alerts, commits how far it got. */
import type { Stratalog } from "stratalog"
import { pause } from "../program/pause.ts"
import { type Alert, GROUP, type ReadingRecord, temperatureAlerts, temperatures } from "./readings.ts"
import { type Offsets, startOffsets } from "./resume.ts"
import { alertOf, type Thresholds } from "./thresholds.ts"

const COMMIT_EVERY_MS = 500

export interface WatchOptions {
  readonly thresholds: Thresholds
  /** True: wait for more readings until `signal` aborts. False: end with those that are there. */
  readonly follow: boolean
  readonly signal: AbortSignal
  /** Hears of each reading once it is processed. */
  readonly onReading: (record: ReadingRecord, alert: Alert | undefined) => void
}

/**
 * Goes on where the group stopped and processes each reading at least once: an offset is committed only after the
 * alerts of all readings before it are durable. Whoever stops it by `signal` finds everything processed committed.
 */
export async function watch(log: Stratalog, options: WatchOptions): Promise<void> {
  await using alerts = temperatureAlerts(log).producer()
  const failing = new AbortController()
  const ended = new AbortController()
  const fail = (error: unknown) => failing.abort(error)
  const next = new Map<number, number>()

  const commit = async () => {
    const offsets = [...next].map(([partition, offset]) => ({ topic: temperatures(log).name, partition, offset }))
    await alerts.flush()
    if (offsets.length > 0 && !failing.signal.aborted) await log.group(GROUP).commit(offsets)
  }
  const commitNowAndThen = async () => {
    for (;;) {
      await pause(COMMIT_EVERY_MS, ended.signal)
      if (ended.signal.aborted) return
      await commit()
    }
  }

  const start = await startOffsets(log)
  const committing = commitNowAndThen().catch(fail)
  const signal = AbortSignal.any([options.signal, failing.signal])
  try {
    for await (const record of readFrom(log, start, options.follow, signal)) {
      const alert = alertOf(record, options.thresholds)
      if (alert !== undefined) alerts.send({ key: alert.sensor, value: alert, timestamp: record.timestamp }).catch(fail)
      next.set(record.partition, record.offset + 1)
      options.onReading(record, alert)
      if (signal.aborted) break
    }
  } finally {
    ended.abort()
    await committing
    await commit().catch(fail)
  }
  failing.signal.throwIfAborted()
}

/** Ends, instead of failing, where `signal` aborts. */
async function* readFrom(
  log: Stratalog,
  offsets: Offsets,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<ReadingRecord> {
  try {
    yield* temperatures(log).read({ from: { offsets }, follow, signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
