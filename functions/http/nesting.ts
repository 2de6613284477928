/** How deep lists and objects lie in each other, told without reading the JSON that they make. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LIST = 0x5b
const LIST_END = 0x5d
const OBJECT = 0x7b
const OBJECT_END = 0x7d

/**
 * Whether something in it lies deeper than `most`. A megabyte of brackets is cheap to send; read, it takes many times its
 * size, and most readers of JSON in other languages break on it, even if it is stored only to be passed on.
 */
export function nestsDeeper(json: Uint8Array, most: number): boolean {
  if (json.length <= most) return false
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === QUOTE) at = endOfText(json, at)
    else if (byte === LIST || byte === OBJECT) {
      if (++depth > most) return true
    } else if (byte === LIST_END || byte === OBJECT_END) depth--
  }
  return false
}

/** Where the text that begins at `start` has its other quote; the end of everything where it has none. */
function endOfText(json: Uint8Array, start: number): number {
  for (let at = json.indexOf(QUOTE, start + 1); at !== -1; at = json.indexOf(QUOTE, at + 1)) {
    let escapes = 0
    while (json[at - 1 - escapes] === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
  return json.length
}
