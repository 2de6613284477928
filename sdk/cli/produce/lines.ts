import { inputFailure } from "../failure.ts"

/** One line of the input, without its line break. */
export interface NumberedLine {
  /** From 1. */
  readonly number: number
  readonly bytes: Uint8Array
}

/** More than any record may take: what has no line breaks at all must not fill the memory. */
const MAX_LINE_BYTES = 32 * 1024 * 1024

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** Cuts a stream of bytes at `\n` or `\r\n`. Bytes, as a text reader would mend what is no UTF-8 without telling. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<NumberedLine> {
  let number = 0
  let begun: Uint8Array[] = []
  let begunBytes = 0
  for await (const given of chunks) {
    const chunk = typeof given === "string" ? Buffer.from(given) : given
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield { number: ++number, bytes: lineOf([...begun, chunk.subarray(start, end)]) }
      begun = []
      begunBytes = 0
      start = end + 1
    }
    if (start === chunk.length) continue
    begun.push(chunk.subarray(start))
    begunBytes += chunk.length - start
    if (begunBytes > MAX_LINE_BYTES) throw inputFailure(`Line ${number + 1} is longer than any record may be.`)
  }
  if (begun.length > 0) yield { number: ++number, bytes: lineOf(begun) }
}

function lineOf(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces
  const line = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line
}
