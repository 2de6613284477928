/** Sizes and times for people on a terminal, and as exact numbers and ISO 8601 for programs. */
export interface Quantities {
  bytes(size: number): string
  time(epochMs: number): string
  count(count: number): string
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

const readable: Quantities = {
  bytes(size) {
    let value = size
    let unit = 0
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024
      unit++
    }
    return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
  },
  time(epochMs) {
    const date = dateOf(epochMs)
    if (date === undefined) return String(epochMs)
    const two = (value: number) => String(value).padStart(2, "0")
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
    return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`
  },
  count: (count) => count.toLocaleString("en-US"),
}

const exact: Quantities = {
  bytes: (size) => String(size),
  time: (epochMs) => dateOf(epochMs)?.toISOString() ?? String(epochMs),
  count: (count) => String(count),
}

export function quantitiesFor(isTerminal: boolean): Quantities {
  return isTerminal ? readable : exact
}

/** Undefined where the number is none that a calendar has: -1 stands for "no timestamp" in a record batch. */
function dateOf(epochMs: number): Date | undefined {
  const date = new Date(epochMs)
  return epochMs < 0 || Number.isNaN(date.getTime()) ? undefined : date
}
