/** Rows of small numbers as text: digits of base 64, one or two for each, a run of more than a few as `digit*count.`. */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** How many digits each number of a row has where all are below `bound`: at most 4,096. */
export function cellWidth(bound: number): 1 | 2 {
  return bound <= DIGITS.length ? 1 : 2
}

export function encodeCells(numbers: readonly number[], width: 1 | 2): string {
  const parts: string[] = []
  for (let start = 0; start < numbers.length; ) {
    let end = start + 1
    while (end < numbers.length && numbers[end] === numbers[start]) end++
    const cell = encodeCell(numbers[start] ?? 0, width)
    const run = `${cell}*${end - start}.`
    const plain = (end - start) * width
    parts.push(run.length < plain ? run : cell.repeat(end - start))
    start = end
  }
  return parts.join("")
}

/** Throws a RangeError for what is no such row of `count`. */
export function decodeCells(text: string, width: 1 | 2, count: number): readonly number[] {
  const numbers: number[] = []
  let at = 0
  while (at < text.length) {
    const value = decodeCell(text.slice(at, at + width), width)
    at += width
    let times = 1
    if (text[at] === "*") {
      const end = text.indexOf(".", at)
      times = Number(text.slice(at + 1, end))
      at = end + 1
      if (end < 0 || !Number.isInteger(times) || times < 1) throw new RangeError("a run without a length")
    }
    if (numbers.length + times > count) throw new RangeError(`more than ${count} cells`)
    for (let left = times; left > 0; left--) numbers.push(value)
  }
  if (numbers.length !== count) throw new RangeError(`${numbers.length} cells instead of ${count}`)
  return numbers
}

function encodeCell(value: number, width: 1 | 2): string {
  const low = DIGITS[value % DIGITS.length] ?? ""
  return width === 1 ? low : `${DIGITS[Math.floor(value / DIGITS.length)] ?? ""}${low}`
}

function decodeCell(cell: string, width: 1 | 2): number {
  const digits = [...cell].map((digit) => DIGITS.indexOf(digit))
  if (digits.length !== width || digits.includes(-1)) throw new RangeError(`no cell: ${cell}`)
  return digits.reduce((sum, digit) => sum * DIGITS.length + digit, 0)
}
