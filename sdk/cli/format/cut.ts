import { stripVTControlCharacters } from "node:util"

// One of the terminal's colour codes, or one character as people see it.
const PIECES = /\p{Cc}\[[\d;]*m|[\s\S]/gu
const RESET = "\u001b[0m"

/** The text's first characters, its colours ended. */
export function cutLine(text: string, columns: number): string {
  let [cut, left, coloured] = ["", columns, false]
  for (const [piece] of text.matchAll(PIECES)) {
    if (piece.startsWith("\u001b[")) {
      cut += piece
      coloured = true
      continue
    }
    if (left === 0) return coloured ? cut + RESET : cut
    cut += piece
    left--
  }
  return cut
}

/** In characters as people see them, without colours. */
export function lengthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length
}

/** A name in so many characters: its beginning and its end tell it from others. */
export function shortened(name: string, columns: number): string {
  const characters = [...name]
  if (characters.length <= columns) return name
  const head = Math.ceil((columns - 1) / 2)
  const tail = columns - 1 - head
  return `${characters.slice(0, head).join("")}…${tail <= 0 ? "" : characters.slice(-tail).join("")}`
}
