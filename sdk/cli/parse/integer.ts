import { InvalidArgumentError } from "commander"

const DIGITS = /^\d{1,16}$/

/** A commander parser of a whole number from `min` to `max`. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (DIGITS.test(text) && value >= min && value <= max) return value
    const upTo = max === Number.MAX_SAFE_INTEGER ? "" : ` to ${max}`
    throw new InvalidArgumentError(`It must be a whole number from ${min}${upTo}.`)
  }
}

/** As `integer`, for an option that may be given several times. */
export function integers(min: number, max = Number.MAX_SAFE_INTEGER) {
  const one = integer(min, max)
  return (text: string, before: readonly number[] | undefined): number[] => [...(before ?? []), one(text)]
}

export const partition = integer(0, 9_999)
export const partitions = integers(0, 9_999)
