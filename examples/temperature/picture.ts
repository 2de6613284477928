/** The terminal picture: a row per sensor. Pure: values in, lines out. */
import type { Paint } from "../program/screen.ts"
import type { Board, SensorRow } from "./board.ts"
import type { Alert } from "./readings.ts"
import { sparkline } from "./sparkline.ts"
import type { Thresholds } from "./thresholds.ts"

export interface PictureOptions {
  readonly thresholds: Thresholds
  /** Of each partition; a partition that is not named is shown without one. */
  readonly lag: ReadonlyMap<number, number>
  /** Columns of the terminal. */
  readonly width: number
  readonly paint: Paint
}

const HEADINGS = ["last", "min", "mean", "max", "alerts", "offset", "lag"]
const GAP = "  "

export function picture(board: Board, options: PictureOptions): readonly string[] {
  const { paint } = options
  const rows = board.rows
  const cells = [HEADINGS, ...rows.map((row) => numbersOf(row, options.lag))]
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const name = Math.max("sensor".length, ...rows.map(({ sensor }) => sensor.length))
  const rest = name + widths.reduce((sum, width) => sum + width + GAP.length, GAP.length)
  const spark = Math.min(60, Math.max(6, options.width - rest - 1))
  const numbers = (line: readonly string[] = []) => line.map((cell, column) => cell.padStart(widths[column] ?? 0))
  const heading = ["sensor".padEnd(name), "readings".slice(0, spark).padEnd(spark), ...numbers(HEADINGS)].join(GAP)
  const body = rows.map((row, index) =>
    [row.sensor.padEnd(name), sparkCell(row, spark, options), ...numbers(cells[index + 1])].join(GAP),
  )
  return [paint("dim", heading), ...body, "", ...board.latestAlerts.map((alert) => alertLine(alert, paint))]
}

function numbersOf(row: SensorRow, lag: ReadonlyMap<number, number>): string[] {
  const { last, min, max, sum, count, alerts, partition, offset } = row
  const temperatures = [last, min, sum / count, max].map((celsius) => celsius.toFixed(1))
  return [...temperatures, String(alerts), `${partition}:${offset}`, String(lag.get(partition) ?? "-")]
}

function sparkCell({ recent, min, max }: SensorRow, width: number, { thresholds, paint }: PictureOptions): string {
  const shown = recent.slice(-width)
  const bars = sparkline(shown, min, max).map((bar, index) => {
    const celsius = shown[index] ?? 0
    if (celsius > thresholds.high) return paint("red", bar)
    return celsius < thresholds.low ? paint("blue", bar) : bar
  })
  return bars.join("") + " ".repeat(width - shown.length)
}

function alertLine({ sensor, time, celsius, kind, limit }: Alert, paint: Paint): string {
  const degrees = `${celsius.toFixed(1)} °C`
  return kind === "high"
    ? paint("red", `▲ ${time}  ${sensor}  ${degrees}, above ${limit}`)
    : paint("blue", `▼ ${time}  ${sensor}  ${degrees}, below ${limit}`)
}
