/** The bench's figures as a table that reads well in a terminal and in Markdown. */

export interface Row {
  readonly what: string
  readonly unit: string
  readonly value: number
  /** Milliseconds. */
  readonly p99?: number
  /** What the limit is. */
  readonly beside?: string
  readonly limit?: number
  /** The bar for the ratio to the limit, or for the value where there is no limit. */
  readonly bar?: string
}

const HEAD = ["what", "log", "p99, ms", "limit", "limit is", "ratio", "bar", ""] as const

export function renderTable(rows: readonly Row[]): string {
  const cells = [HEAD, HEAD.map(() => "---"), ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)))
  return cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`).join("\n")
}

function cellsOf({ what, unit, value, p99, beside, limit, bar }: Row): readonly string[] {
  const ratio = limit === undefined ? undefined : value / limit
  return [
    what,
    `${figure(value)} ${unit}`,
    p99 === undefined ? "" : figure(p99),
    limit === undefined ? "" : `${figure(limit)} ${unit}`,
    beside ?? "",
    ratio === undefined ? "" : ratio.toFixed(2),
    bar ?? "",
    bar === undefined ? "" : reached(ratio ?? value, bar) ? "reached" : "MISSED",
  ]
}

function reached(value: number, bar: string): boolean {
  const [sign, bound] = bar.split(" ")
  return sign === ">=" ? value >= Number(bound) : value <= Number(bound)
}

function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US")
  return value.toFixed(value >= 100 ? 0 : 2)
}
