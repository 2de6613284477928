/** What a workload came to: a line of the table, and whether it reached its bars. */
import { prices } from "stratalog/cost"
import { dollarsOf, requestsOf, type Usage } from "./usage.ts"

export interface Measured {
  readonly workload: string
  /** What the figures are divided by. */
  readonly per: string
  readonly count: number
  readonly usage: Usage
  /** Dollars are told for so many of `per`. */
  readonly moneyFor: { readonly name: string; readonly count: number }
  readonly remarks: readonly string[]
  readonly bars: readonly Bar[]
}

export interface Bar {
  readonly what: string
  readonly value: number
  readonly atMost?: number
  readonly atLeast?: number
}

export function isReached({ value, atMost, atLeast }: Bar): boolean {
  return value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY)
}

const HEAD = [
  "workload",
  "per",
  "write units",
  "read units",
  "requests to DynamoDB",
  "PUTs",
  "GETs",
  "USD",
  "",
] as const
const S3_REQUESTS = ["PutObject", "GetObject", "ListObjectsV2", "DeleteObjects"]

export function renderReport(measured: readonly Measured[]): string {
  const cells = [[...HEAD], HEAD.map(() => "---"), ...measured.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)))
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`)
  const bars = measured.flatMap(({ workload, bars }) => bars.map((bar) => barLine(workload, bar)))
  return [...lines, "", ...bars].join("\n")
}

/** One workload, while others still run. */
export function renderLine(measured: Measured): string {
  const [workload, per, ...figures] = cellsOf(measured)
  const named = figures.map((cell, column) => [HEAD[column + 2], cell].filter((part) => part !== "").join(" "))
  return `${workload}, by ${per}: ${named.filter((cell) => cell !== undefined && cell !== "").join(", ")}`
}

function cellsOf({ workload, per, count, usage, moneyFor, remarks }: Measured): string[] {
  const each = (total: number) => figure(total / count)
  const total = [...usage.requests.values()].reduce((sum, requests) => sum + requests, 0)
  return [
    workload,
    per,
    each(usage.writeUnits),
    each(usage.readUnits),
    each(total - requestsOf(usage, ...S3_REQUESTS)),
    each(requestsOf(usage, "PutObject")),
    each(requestsOf(usage, "GetObject")),
    `${figure((dollarsOf(usage, prices) / count) * moneyFor.count)} ${moneyFor.name}`,
    remarks.join("; "),
  ]
}

function barLine(workload: string, bar: Bar): string {
  const bound = bar.atMost === undefined ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`
  return `${isReached(bar) ? "reached" : "MISSED "}  ${workload}: ${bar.what} ${figure(bar.value)} (${bound})`
}

export function figure(value: number): string {
  if (value === 0) return "0"
  if (value >= 100) return Math.round(value).toLocaleString("en-US")
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2)
}
