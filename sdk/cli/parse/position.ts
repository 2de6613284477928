import { InvalidArgumentError } from "commander"
import { parseDuration } from "../../protocol/duration.ts"

/** Where in a partition: at an end, at an offset, or at the first record that is `timestamp` (epoch ms) old or younger. */
export type Position =
  | { readonly kind: "earliest" }
  | { readonly kind: "latest" }
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "time"; readonly timestamp: number }

export const TIME_HELP = "an ISO 8601 time, epoch milliseconds, or so long ago as -15m"
export const POSITION_HELP = `earliest, latest, an offset, ${TIME_HELP}; digits from 10^12 on are epoch milliseconds`

// An offset of a million millions is out of reach; as epoch milliseconds it is the year 2001.
const FIRST_EPOCH_MS = 1_000_000_000_000
const DIGITS = /^\d{1,16}$/
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** `now`: epoch milliseconds, for what is said relative to it. */
export function parsePosition(text: string, now: number): Position {
  if (text === "earliest" || text === "latest") return { kind: text }
  if (DIGITS.test(text) && Number(text) < FIRST_EPOCH_MS) return { kind: "offset", offset: Number(text) }
  const timestamp = readTime(text, now)
  if (timestamp === undefined) throw new InvalidArgumentError(`It must be ${POSITION_HELP}.`)
  return { kind: "time", timestamp }
}

/** As `parsePosition`, where an offset has no meaning: all digits are epoch milliseconds. */
export function parseTime(text: string, now: number): Exclude<Position, { kind: "offset" }> {
  if (text === "earliest" || text === "latest") return { kind: text }
  const timestamp = readTime(text, now)
  if (timestamp === undefined) throw new InvalidArgumentError(`It must be earliest, latest, ${TIME_HELP}.`)
  return { kind: "time", timestamp }
}

function readTime(text: string, now: number): number | undefined {
  if (DIGITS.test(text)) return Number(text)
  if (text.startsWith("-")) {
    const ago = parseDuration(text.slice(1))
    return ago === undefined ? undefined : Math.max(0, now - ago)
  }
  const timestamp = ISO.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN
  return Number.isNaN(timestamp) ? undefined : Math.max(0, timestamp)
}
