/** A picture to the size of the terminal. Pure. */
import { cutLine } from "../format/cut.ts"
import { LEAST_LINES, type Section } from "./fit-table.ts"

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** `size` undefined: whole. */
export function layOut(
  head: readonly string[],
  sections: readonly Section[],
  size: Size | undefined,
): readonly string[] {
  if (size === undefined)
    return [...head, ...sections.flatMap((section) => ["", ...section.show(section.lines, undefined)])]
  const { columns, rows } = size
  const room = rows - head.length - sections.length
  const given = shares(
    sections.map(({ lines }) => lines),
    room,
  )
  const lines = sections.flatMap((section, index) => ["", ...section.show(given[index] ?? 0, columns)])
  return [...head, ...lines].slice(0, rows).map((line) => cutLine(line, columns))
}

/** What each gets of the room: all that it wants where that is no more than its share, so that others have the rest. */
export function shares(wanted: readonly number[], room: number): readonly number[] {
  const given = wanted.map(() => 0)
  const smallestFirst = wanted.map((lines, index) => ({ lines, index })).sort((a, b) => a.lines - b.lines)
  let left = room
  smallestFirst.forEach(({ lines, index }, done) => {
    const share = Math.floor(left / (wanted.length - done))
    given[index] = Math.max(Math.min(lines, LEAST_LINES), Math.min(lines, share))
    left -= given[index]
  })
  return given
}
