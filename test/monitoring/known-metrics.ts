/** Metrics and labels that an expression may name. */
import { metricTable } from "../../functions/http/metrics/table/all.ts"
import type { Metric } from "../../functions/http/metrics/table/metric.ts"
import { type Expression, parsePromql } from "./promql.ts"

/** What Prometheus adds to each series that it scrapes. */
const SCRAPED = ["job", "instance"]

export type Known = ReadonlyMap<string, readonly string[]>

const rows: readonly Metric[] = Object.values(metricTable).flat()

/** By the name of a series; `more`: recording rules by their names. */
export function knownMetrics(more: Readonly<Record<string, string>> = {}): Known {
  const told = rows.flatMap(({ name, type, labels }): readonly [string, readonly string[]][] => {
    const all = [...labels, ...SCRAPED]
    if (type !== "histogram") return [[name, all]]
    return [
      [`${name}_bucket`, [...all, "le"]],
      [`${name}_sum`, all],
      [`${name}_count`, all],
    ]
  })
  const recorded = Object.entries(more).map(([name, expr]) => [name, parsePromql(expr).grouped] as const)
  return new Map([...told, ...recorded, ["up", SCRAPED]])
}

/** A sentence for each name in it that nobody tells. */
export function unknownIn(text: string, known: Known): readonly string[] {
  const { selectors, grouped }: Expression = parsePromql(text)
  const labels = new Set(selectors.flatMap(({ metric }) => known.get(metric) ?? []))
  return [
    ...selectors.filter(({ metric }) => !known.has(metric)).map(({ metric }) => `no metric ${metric}: ${text}`),
    ...selectors.flatMap(({ metric, labels: matched }) =>
      matched
        .filter((label) => !known.get(metric)?.includes(label))
        .map((label) => `${metric} has no ${label}: ${text}`),
    ),
    ...grouped.filter((label) => !labels.has(label)).map((label) => `no label ${label}: ${text}`),
  ]
}

/** Names of families: what `# TYPE` says. */
export function familyOf(series: string): string {
  const histogram = rows.find(({ name, type }) => type === "histogram" && series.startsWith(`${name}_`))
  return histogram?.name ?? series
}

/** Those that the log on DynamoDB and S3 alone tells. */
export const ofAwsAlone: readonly string[] = (metricTable["DynamoDB and S3"] ?? []).map(({ name }) => name)
