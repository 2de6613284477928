import { InvalidArgumentError } from "commander"

const DECIMAL = /^\d{1,9}(?:\.\d{1,9})?$/

/** A commander parser of how often a second: a decimal number, 0 included. */
export function rate(text: string): number {
  if (DECIMAL.test(text)) return Number(text)
  throw new InvalidArgumentError("It must be a number such as 100 or 0.5, so often a second.")
}
