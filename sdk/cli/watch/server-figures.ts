/** What the metrics of one server's process say. Pure. */
import { metricLines } from "./exposition.ts"
import { extended, perSecond, type Sample } from "./history.ts"

export interface ServerSample extends Sample {
  /** Epoch seconds. */
  readonly startedAt: number
  readonly requests: number
  readonly errors: ReadonlyMap<string, number>
  /** Appends that took so many seconds at most. */
  readonly appendsWithin: ReadonlyMap<number, number>
  readonly waitingReaders: number
  readonly connections: number
}

/** Null: not known. */
export interface ServerFigures {
  readonly startedAt: number
  readonly requestsPerSecond: number | null
  /** Of error codes, those that came; most first. */
  readonly errorsPerSecond: readonly { readonly code: string; readonly perSecond: number }[]
  /** 99 of 100 appends were as fast as this, or faster, seconds. */
  readonly appendP99Seconds: number | null
  readonly waitingReaders: number
  readonly connections: number
}

/** Undefined where the text is no page of metrics of a Stratalog server. */
export function serverSample(page: string, at: number): ServerSample | undefined {
  const lines = metricLines(page)
  const named = (wanted: string) => lines.filter(({ name }) => name === wanted)
  const sum = (name: string) => named(name).reduce((total, { value }) => total + value, 0)
  const [started] = named("process_start_time_seconds")
  if (started === undefined || named("stratalog_build_info").length === 0) return undefined
  return {
    at,
    startedAt: started.value,
    requests: sum("stratalog_http_requests_total"),
    errors: new Map(named("stratalog_http_errors_total").map(({ labels, value }) => [labels["code"] ?? "", value])),
    appendsWithin: new Map(
      named("stratalog_append_duration_seconds_bucket").map(({ labels, value }) => [boundOf(labels["le"]), value]),
    ),
    waitingReaders: sum("stratalog_waiting_readers"),
    connections: sum("stratalog_connections"),
  }
}

function boundOf(text = "+Inf"): number {
  return text === "+Inf" ? Number.POSITIVE_INFINITY : Number(text)
}

/** Several servers behind one address, and one that began anew, count for themselves. */
export function seeingServer(history: readonly ServerSample[], sample: ServerSample): readonly ServerSample[] {
  return extended(history, sample, (before, after) => {
    return before.startedAt === after.startedAt && after.requests >= before.requests
  })
}

export function serverFigures(history: readonly ServerSample[]): ServerFigures | undefined {
  const [first, last] = [history[0], history.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const { startedAt, waitingReaders, connections } = last
  return {
    startedAt,
    requestsPerSecond: perSecond(history, ({ requests }) => requests),
    errorsPerSecond: [...last.errors.keys()]
      .map((code) => ({ code, perSecond: perSecond(history, ({ errors }) => errors.get(code) ?? 0) ?? 0 }))
      .filter((error) => error.perSecond > 0)
      .sort((a, b) => b.perSecond - a.perSecond),
    appendP99Seconds: p99(first.appendsWithin, last.appendsWithin),
    waitingReaders,
    connections,
  }
}

/** The lowest bound within which 99 of 100 of those between the two were; null where there were none, or it has none. */
function p99(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number | null {
  const between = [...after].map(([bound, count]) => ({ bound, count: count - (before.get(bound) ?? 0) }))
  between.sort((a, b) => a.bound - b.bound)
  const all = between.at(-1)?.count ?? 0
  const bound = all === 0 ? undefined : between.find(({ count }) => count >= all * 0.99)?.bound
  return bound === undefined || bound === Number.POSITIVE_INFINITY ? null : bound
}
