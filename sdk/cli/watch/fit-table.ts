/** A table with its totals, in as many lines and columns as there are. Pure. */
import { lengthOf, shortened } from "../format/cut.ts"
import type { Paint } from "../format/paint.ts"
import { type Column, tableLines } from "../format/table.ts"

export interface WatchColumn<Row> extends Column<Row> {
  /** Where the terminal is narrow, the highest goes first; absent: it stays. */
  readonly yields?: number
  /** A name: it may be shortened. */
  readonly isName?: boolean
  /** In the last line. */
  readonly total?: string
}

export interface Table<Row> {
  readonly columns: readonly WatchColumn<Row>[]
  readonly rows: readonly Row[]
  /** Said where there are no rows. */
  readonly empty: string
}

/** How many lines it takes to show it whole, and itself in no more than so many. */
export interface Section {
  readonly lines: number
  /** `columns` undefined: as wide as it is. */
  show(lines: number, columns: number | undefined): readonly string[]
}

const GAP = 2
/** A header, a row, and how many more there are; less tells nothing. */
export const LEAST_LINES = 3
/** No name gets shorter than this. */
const SHORTEST_NAME = 8

export function tableSection<Row>({ columns, rows, empty }: Table<Row>, paint: Paint): Section {
  // The sum of one row would say the same again.
  const hasTotals = rows.length > 1 && columns.some(({ total }) => total !== undefined)
  return {
    lines: rows.length === 0 ? 1 : 1 + rows.length + (hasTotals ? 1 : 0),
    show(lines, width) {
      if (rows.length === 0) return [empty]
      const totals = hasTotals && lines > LEAST_LINES
      const room = lines - (totals ? 2 : 1)
      const shown = rows.length <= room ? rows : rows.slice(0, Math.max(1, room - 1))
      const drawn = withTotals(fitted(columns, shown, width), shown, totals, paint)
      const cut = rows.length - shown.length
      return cut === 0 ? drawn : drawn.toSpliced(1 + shown.length, 0, paint("dim", `… ${cut} more`))
    },
  }
}

function withTotals<Row>(
  columns: readonly WatchColumn<Row>[],
  rows: readonly Row[],
  totals: boolean,
  paint: Paint,
): string[] {
  const cells = columns.map((column) => ({
    ...column,
    cell: (row: Row | undefined) => (row === undefined ? (column.total ?? "") : column.cell(row)),
  }))
  const lines = tableLines<Row | undefined>(cells, totals ? [...rows, undefined] : rows, paint)
  return totals ? [...lines.slice(0, -1), paint("bold", lines.at(-1) ?? "")] : lines
}

/** The columns that fit beside each other. */
function fitted<Row>(
  columns: readonly WatchColumn<Row>[],
  rows: readonly Row[],
  width: number | undefined,
): readonly WatchColumn<Row>[] {
  if (width === undefined) return columns
  const widths = new Map(columns.map((column) => [column, widthOf(column, rows)]))
  const total = (kept: readonly WatchColumn<Row>[]) =>
    kept.reduce((sum, column) => sum + GAP + (widths.get(column) ?? 0), -GAP)
  let kept = columns
  // Names give way a little before a column does altogether.
  const least = (all: readonly WatchColumn<Row>[]) =>
    total(all) - all.reduce((sum, column) => sum + spare(column, widths.get(column) ?? 0), 0)
  while (least(kept) > width) {
    const first = kept.filter(({ yields }) => yields !== undefined).sort((a, b) => (b.yields ?? 0) - (a.yields ?? 0))[0]
    if (first === undefined) break
    kept = kept.filter((column) => column !== first)
  }
  return shortenNames(kept, widths, total(kept) - width)
}

/** By how much a column can get narrower. */
function spare<Row>({ isName }: WatchColumn<Row>, width: number): number {
  return isName === true ? Math.max(0, width - SHORTEST_NAME) : 0
}

/** Takes `excess` characters off the longest names. */
function shortenNames<Row>(
  columns: readonly WatchColumn<Row>[],
  widths: ReadonlyMap<WatchColumn<Row>, number>,
  excess: number,
): readonly WatchColumn<Row>[] {
  let left = excess
  const narrower = new Map<WatchColumn<Row>, number>()
  const byWidth = columns.toSorted((a, b) => (widths.get(b) ?? 0) - (widths.get(a) ?? 0))
  for (const column of byWidth) {
    const width = widths.get(column) ?? 0
    const less = Math.max(0, Math.min(left, spare(column, width)))
    if (less > 0) narrower.set(column, width - less)
    left -= less
  }
  return columns.map((column) => {
    const width = narrower.get(column)
    return width === undefined ? column : { ...column, cell: (row) => shortened(column.cell(row), width) }
  })
}

function widthOf<Row>({ header, cell, total = "" }: WatchColumn<Row>, rows: readonly Row[]): number {
  return rows.reduce((widest, row) => Math.max(widest, lengthOf(cell(row))), Math.max(header.length, lengthOf(total)))
}
