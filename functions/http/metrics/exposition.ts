/** Prometheus' text format 0.0.4. */
import type { Histogram } from "./histogram.ts"

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

type Labels = Readonly<Record<string, string | number>>

export interface Sample {
  readonly labels?: Labels
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: "counter" | "gauge" | "histogram"
  readonly lines: readonly string[]
}

export function counter(name: string, help: string, samples: number | readonly Sample[]): Family {
  return { name, help, type: "counter", lines: simpleLines(name, samples) }
}

export function gauge(name: string, help: string, samples: number | readonly Sample[]): Family {
  return { name, help, type: "gauge", lines: simpleLines(name, samples) }
}

export function histogram(
  name: string,
  help: string,
  series: readonly { readonly labels?: Labels; readonly histogram: Histogram }[],
): Family {
  return { name, help, type: "histogram", lines: series.flatMap((one) => histogramLines(name, one)) }
}

/** A family without samples is left out. */
export function exposition(families: readonly Family[]): string {
  const told = families.filter(({ lines }) => lines.length > 0)
  return told
    .map(({ name, help, type, lines }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`)
    .join("")
}

function simpleLines(name: string, samples: number | readonly Sample[]): readonly string[] {
  if (typeof samples === "number") return [line(name, {}, samples)]
  return samples.map(({ labels = {}, value }) => line(name, labels, value))
}

function histogramLines(
  name: string,
  { labels = {}, histogram }: { readonly labels?: Labels; readonly histogram: Histogram },
): readonly string[] {
  let count = 0
  const buckets = [...histogram.counts].map((inBucket, index) => {
    count += inBucket
    return line(`${name}_bucket`, { ...labels, le: histogram.bounds[index] ?? "+Inf" }, count)
  })
  return [...buckets, line(`${name}_sum`, labels, histogram.sum), line(`${name}_count`, labels, count)]
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(String(text))}"`)
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${Number.isFinite(value) ? value : 0}`
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")
}
