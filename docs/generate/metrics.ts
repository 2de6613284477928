/** docs/metrics.md: every metric. */
import { metricTable } from "../../functions/http/metrics/table/all.ts"
import type { Metric } from "../../functions/http/metrics/table/metric.ts"
import { cell, table } from "./markdown.ts"

export function metricsMarkdown(): string {
  const sections = Object.entries(metricTable).map(([title, metrics]) => {
    return `## ${title}\n\n${table(["Name", "Type", "Unit", "Labels", "CloudWatch", "Meaning"], metrics.toSorted(byName).map(row))}`
  })
  return `${INTRODUCTION}\n\n${sections.join("\n\n")}\n`
}

function row({ name, type, unit, labels, cloudWatch, help }: Metric): readonly string[] {
  const dimensions = cloudWatch === undefined ? "" : ["Deployment", ...cloudWatch].map(code).join(", ")
  return [code(name), type, unit, labels.map(code).join(", "), dimensions, cell(help)]
}

function byName(a: Metric, b: Metric): number {
  return a.name < b.name ? -1 : 1
}

function code(text: string): string {
  return `\`${text}\``
}

const INTRODUCTION = `# Metrics

Made by \`npm run docs\` from the table of metrics (\`functions/http/metrics/table\`).

A server tells them at \`/metrics\`, in Prometheus' text format. What never happened is left out, and so is what its storage does not have.
Where callers need a key, \`/metrics\` takes one with Describe on the cluster. [monitoring](../monitoring/README.md) has rules and alerts of Prometheus
and a dashboard of Grafana, [RUNBOOK.md](../RUNBOOK.md) what to do about each alert.
The functions of a deployment tell those with dimensions to CloudWatch, in the namespace \`Stratalog\` under the same names, if asked to
(\`-c metrics=emf\`): each value is what came since the one before, so that \`Sum\` over a period is what a counter's increase is in Prometheus.
The last seconds of an environment that is never used again are not told.`
