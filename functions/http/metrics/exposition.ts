/** Prometheus' text format 0.0.4. */
import type { Histogram } from "./histogram.ts"
import type { Metric } from "./table/metric.ts"

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

type Labels<Label extends string> = Readonly<Record<Label, string | number>>

export interface Sample<Label extends string> {
  readonly labels: Labels<Label>
  readonly value: number
}

export interface Series<Label extends string> {
  readonly labels: Labels<Label>
  readonly histogram: Histogram
}

/** A metric and its lines. */
export interface Family {
  readonly metric: Metric
  readonly lines: readonly string[]
}

/** Of a counter or a gauge: one number, or one for each set of labels. */
export function family<Label extends string>(metric: Metric<Label>, samples: readonly Sample<Label>[]): Family
export function family(metric: Metric<never>, value: number): Family
export function family(metric: Metric, samples: number | readonly Sample<string>[]): Family {
  const all = typeof samples === "number" ? [{ labels: {}, value: samples }] : samples
  return { metric, lines: all.map(({ labels, value }) => line(metric.name, labels, value)) }
}

export function histogramFamily<Label extends string>(
  metric: Metric<Label>,
  series: Histogram | readonly Series<Label>[],
): Family {
  const all = "counts" in series ? [{ labels: {}, histogram: series }] : series
  return { metric, lines: all.flatMap((one) => histogramLines(metric.name, one)) }
}

/** A family without samples is left out. */
export function exposition(families: readonly Family[]): string {
  const told = families.filter(({ lines }) => lines.length > 0)
  return told
    .map(({ metric, lines }) =>
      `# HELP ${metric.name} ${metric.help}\n# TYPE ${metric.name} ${metric.type}\n`.concat(lines.join("\n"), "\n"),
    )
    .join("")
}

function histogramLines(name: string, { labels, histogram }: Series<string>): readonly string[] {
  let count = 0
  const buckets = [...histogram.counts].map((inBucket, index) => {
    count += inBucket
    return line(`${name}_bucket`, { ...labels, le: histogram.bounds[index] ?? "+Inf" }, count)
  })
  return [...buckets, line(`${name}_sum`, labels, histogram.sum), line(`${name}_count`, labels, count)]
}

function line(name: string, labels: Labels<string>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(String(text))}"`)
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${Number.isFinite(value) ? value : 0}`
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")
}
