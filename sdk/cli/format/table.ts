import { lengthOf } from "./cut.ts"
import type { Paint } from "./paint.ts"

export interface Column<Row> {
  readonly header: string
  readonly align?: "left" | "right"
  cell(row: Row): string
}

const GAP = "  "

/** A header and the rows as aligned lines, without blanks at their ends. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paint: Paint): string[] {
  const table = new Table(columns, paint)
  return [...table.header(rows), ...rows.map((row) => table.row(row))]
}

/** A table whose rows come one after another: the widths come from the first rows and grow where a later one needs it. */
export class Table<Row> {
  readonly #columns: readonly Column<Row>[]
  readonly #paint: Paint
  #widths: number[]

  constructor(columns: readonly Column<Row>[], paint: Paint) {
    this.#columns = columns
    this.#paint = paint
    this.#widths = columns.map((column) => column.header.length)
  }

  /** The header line, wide enough for `firstRows`. */
  header(firstRows: readonly Row[]): string[] {
    for (const row of firstRows) this.#widen(row)
    return [this.#paint("bold", this.#line(this.#columns.map((column) => column.header)))]
  }

  row(row: Row): string {
    return this.#line(this.#widen(row))
  }

  #widen(row: Row): string[] {
    const cells = this.#columns.map((column) => column.cell(row))
    this.#widths = this.#widths.map((width, index) => Math.max(width, lengthOf(cells[index] ?? "")))
    return cells
  }

  #line(cells: readonly string[]): string {
    const padded = cells.map((cell, index) => {
      const blanks = " ".repeat((this.#widths[index] ?? 0) - lengthOf(cell))
      return this.#columns[index]?.align === "right" ? blanks + cell : cell + blanks
    })
    return padded.join(GAP).trimEnd()
  }
}
