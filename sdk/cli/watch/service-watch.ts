/** Asks what the service says of itself, less often than what it holds. */
import { StratalogError } from "../../client/errors.ts"
import type { Stratalog } from "../../client/stratalog.ts"
import { answered } from "../answered.ts"
import { stopwatch } from "../perf/stopwatch.ts"
import type { Session } from "../session.ts"
import type { ServiceLook } from "./look.ts"
import { type ServerSample, seeingServer, serverFigures, serverSample } from "./server-figures.ts"

/** Upkeep and health change slowly. */
const ASK_SERVICE_EVERY_MS = 30_000
/** As often as Prometheus: that of many partitions is a long page. */
const ASK_METRICS_EVERY_MS = 15_000
const METRICS_TIMEOUT_MS = 5_000

export class ServiceWatch {
  readonly #session: Session
  readonly #log: Stratalog
  #told: Omit<ServiceLook, "server"> | undefined
  #askedAt = Number.NEGATIVE_INFINITY
  /** Functions have no such page, and not everybody may read it: then it is not asked for again. */
  #hasMetrics = true
  #samples: readonly ServerSample[] = []
  #sampledAt = Number.NEGATIVE_INFINITY

  constructor(session: Session, log: Stratalog) {
    this.#session = session
    this.#log = log
  }

  /** Rejects only where the user ends it. */
  async look(stop: AbortSignal): Promise<ServiceLook> {
    const [told] = await Promise.all([this.#askService(stop), this.#askMetrics(stop)])
    return { ...told, server: serverFigures(this.#samples) ?? null }
  }

  async #askService(signal: AbortSignal): Promise<Omit<ServiceLook, "server">> {
    const now = stopwatch.now()
    if (this.#told !== undefined && now - this.#askedAt < ASK_SERVICE_EVERY_MS) return this.#told
    const [health, upkeep] = await Promise.all([
      answered(this.#log.health({ signal })),
      answered(this.#log.upkeep({ signal })),
    ])
    this.#askedAt = now
    this.#told = {
      version: health instanceof StratalogError ? null : health.version,
      // A caller who may not ask learns nothing of it.
      unhealthy: health instanceof StratalogError && health.status === 503 ? health.detail : null,
      upkeep: upkeep instanceof StratalogError ? null : upkeep,
    }
    return this.#told
  }

  async #askMetrics(stop: AbortSignal): Promise<void> {
    if (!this.#hasMetrics || stopwatch.now() - this.#sampledAt < ASK_METRICS_EVERY_MS) return
    const page = await metricsPage(this.#session, stop)
    if (page.kind === "failed") return
    const sample = page.kind === "page" ? serverSample(page.text, stopwatch.now()) : undefined
    this.#hasMetrics = sample !== undefined
    this.#samples = sample === undefined ? [] : seeingServer(this.#samples, sample)
    this.#sampledAt = stopwatch.now()
  }
}

type Page = { readonly kind: "page"; readonly text: string } | { readonly kind: "none" | "failed" }

async function metricsPage({ fetch, url }: Session, stop: AbortSignal): Promise<Page> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(METRICS_TIMEOUT_MS)])
    const response = await fetch(`${url.replace(/\/+$/, "")}/metrics`, { signal, redirect: "manual" })
    const text = await response.text()
    if (response.ok) return { kind: "page", text }
    return { kind: response.status < 500 && response.status !== 429 ? "none" : "failed" }
  } catch {
    stop.throwIfAborted()
    return { kind: "failed" }
  }
}
