/**
 * What a later version of Stratalog stored, in a form that this one would misread. Stored things say so themselves, as text:
 * the number of their format and the first version that knows it, such as "2 0.3.0". What says nothing is of format 1.
 */

/** Read like a mistake nowhere: the message is a sentence for the operator, and says what to install. */
export class NewerFormat extends RangeError {
  override readonly name = "NewerFormat"
}

/** A format, and the first version that knows it. */
export interface Format {
  readonly number: number
  readonly since: string
}

const MARK = /^([1-9]\d{0,5}) (\S{1,40})\n?$/

export function formatMark({ number, since }: Format): string {
  return `${number} ${since}`
}

/** Undefined for a text that is no mark. */
export function readFormatMark(mark: string): Format | undefined {
  const [, number, since] = MARK.exec(mark) ?? []
  return number === undefined || since === undefined ? undefined : { number: Number(number), since }
}

/** `what`: such as "The table orders". `found`: undefined where it does not say which version it takes. */
export function newerFormat(what: string, known: number, found?: Format): NewerFormat {
  const knows = `this version of Stratalog knows formats up to ${known}`
  if (found === undefined) {
    return new NewerFormat(`${what} was written by a later version: install that one, or a later one (${knows}).`)
  }
  return new NewerFormat(
    `${what} is of format ${found.number}, and ${knows}: install version ${found.since} or a later one.`,
  )
}
