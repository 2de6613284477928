/** Typed columns of a row. The tables are STRICT, so another type than the asked one is a mistake in the query. */
import type { SQLOutputValue } from "node:sqlite"

export type Row = Record<string, SQLOutputValue>

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== "string") throw new TypeError(`column ${column} is not a text`)
  return value
}

export function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== "number") throw new TypeError(`column ${column} is not an integer`)
  return value
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} is not a blob`)
  return value
}
