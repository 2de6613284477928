import { type Column, Table } from "../format/table.ts"
import type { Session } from "../session.ts"

/** Rows that the first widths of the table are taken from. */
const FIRST_ROWS = 100

type Waiting<Row> = { readonly kind: "row"; readonly row: Row } | { readonly kind: "line"; readonly text: string }

/** Prints rows of a table with lines in between, as they come; in JSON each is a line of its own. */
export class EntryPrinter<Row> {
  readonly #session: Session
  readonly #table: Table<Row>
  /** Held back until the widths are known. */
  #waiting: Waiting<Row>[] | undefined = []

  constructor(session: Session, columns: readonly Column<Row>[]) {
    this.#session = session
    this.#table = new Table(columns, session.paint)
  }

  async row(row: Row, json: unknown): Promise<void> {
    if (this.#session.json) await this.#session.out.json(json)
    else await this.#print({ kind: "row", row })
  }

  /** A line between the rows. */
  async line(text: string, json: string): Promise<void> {
    if (this.#session.json) await this.#session.out.line(json)
    else await this.#print({ kind: "line", text })
  }

  /** A line about something that is not right. */
  async problem(text: string, json: unknown): Promise<void> {
    await this.line(this.#session.paint("red", text), JSON.stringify(json))
  }

  /** Prints what was held back. */
  async flush(): Promise<void> {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    const rows = waiting.flatMap((entry) => (entry.kind === "row" ? [entry.row] : []))
    if (rows.length > 0) for (const line of this.#table.header(rows)) await this.#session.out.line(line)
    for (const entry of waiting) await this.#print(entry)
  }

  async #print(entry: Waiting<Row>): Promise<void> {
    if (this.#waiting !== undefined) {
      this.#waiting.push(entry)
      if (this.#waiting.length >= FIRST_ROWS) await this.flush()
      return
    }
    await this.#session.out.line(entry.kind === "row" ? this.#table.row(entry.row) : entry.text)
  }
}
