/** GET /metrics, for Prometheus. */
import { StorageUnavailable } from "../../log/ports.ts"
import { describeCluster } from "../access/rules.ts"
import type { Page } from "../page.ts"
import { exposition, type Family, METRICS_TYPE } from "./exposition.ts"

/** Tells figures of one kind when somebody looks. */
export type MetricsSource = () => readonly Family[] | Promise<readonly Family[]>

export function metricsPage(sources: readonly MetricsSource[]): Page {
  return {
    path: "/metrics",
    access: [describeCluster],
    respond: async () => {
      const families = await Promise.all(sources.map(told))
      const headers = { "content-type": METRICS_TYPE, "cache-control": "no-store" }
      return { status: 200, headers, body: exposition(families.flat()) }
    },
  }
}

/** Of a storage that cannot be asked the other figures tell: they are not held up by it. */
async function told(source: MetricsSource): Promise<readonly Family[]> {
  try {
    return await source()
  } catch (error) {
    if (error instanceof StorageUnavailable) return []
    throw error
  }
}

/**
 * A source that costs requests, asked once in `everyMs`, however many look. Whoever looks waits for it no longer than
 * `patienceMs`, and is told what is known.
 */
export function rarely(source: MetricsSource, everyMs: number, patienceMs: number): MetricsSource {
  let known: readonly Family[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined
  const ask = async () => {
    askedAt = performance.now()
    try {
      known = await source()
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error
    }
  }
  return async () => {
    if (performance.now() - askedAt >= everyMs) {
      asking ??= ask().finally(() => {
        asking = undefined
      })
      // Whoever waits for it hears of its failure; perhaps nobody does.
      asking.catch(() => undefined)
    }
    if (asking !== undefined) await soon(asking, patienceMs)
    return known
  }
}

async function soon(work: Promise<void>, milliseconds: number): Promise<void> {
  const time = Promise.withResolvers<void>()
  const timer = setTimeout(time.resolve, milliseconds)
  await Promise.race([work, time.promise]).finally(() => clearTimeout(timer))
}
