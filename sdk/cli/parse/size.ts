import { InvalidArgumentError } from "commander"
import { parseDuration } from "../../protocol/duration.ts"

const SIZE = /^(\d{1,15}(?:\.\d{1,9})?)(B|KiB|MiB|GiB|TiB)?$/
const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 }

/** Bytes, or undefined where the text is no size such as `10MiB` or `4096`. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text)
  if (match === null) return undefined
  return Math.round(Number(match[1]) * (UNITS[match[2] ?? "B"] ?? 1))
}

/** A commander parser of a size of at least so many bytes. */
export function size(min: number): (text: string) => number {
  return (text) => {
    const bytes = parseSize(text)
    if (bytes !== undefined && bytes >= min) return bytes
    throw new InvalidArgumentError(`It must be a number of bytes from ${min}, or such as 64KiB, 1MiB.`)
  }
}

/** A commander parser of milliseconds. */
export function duration(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined) return milliseconds
  throw new InvalidArgumentError("It must be a duration such as 10s, 500ms, 1m, or a number of milliseconds.")
}
