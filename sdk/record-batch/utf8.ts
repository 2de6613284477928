import { RecordBatchError } from "./errors.ts"

const encoder = new TextEncoder()
// A byte order mark is part of a header key like any other character.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Bytes of `text` in UTF-8. Throws `bad_record` on a lone surrogate, which UTF-8 cannot carry. */
export function utf8Size(text: string): number {
  let size = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    if (code < 0x800) size += 1
    else if (code < 0xd800 || code > 0xdfff) size += 2
    else {
      const low = text.charCodeAt(at + 1)
      if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) {
        throw new RecordBatchError(
          "bad_record",
          `Header key ${JSON.stringify(text)} has a lone surrogate at ${at} and is not valid Unicode text.`,
        )
      }
      // Two UTF-16 units, four bytes.
      size += 2
      at++
    }
  }
  return size
}

/** Writes `text`, whose UTF-8 size is `size`, and returns the position after it. */
export function writeUtf8(bytes: Uint8Array, at: number, text: string, size: number): number {
  if (size === text.length) {
    for (let index = 0; index < size; index++) bytes[at + index] = text.charCodeAt(index)
  } else {
    encoder.encodeInto(text, bytes.subarray(at, at + size))
  }
  return at + size
}

/** The text in `bytes[start, end)`, or undefined where it is not valid UTF-8. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return decoder.decode(bytes.subarray(start, end))
  } catch {
    return undefined
  }
}
