/** JSON in which no number changes: what a producer wrote is what a consumer reads, digit for digit. */

declare global {
  /** ECMAScript's "JSON.parse source text access", which TypeScript's library does not know yet. */
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
    rawJSON(text: string): unknown
  }
}

export interface ParsedJson {
  readonly value: unknown
  /**
   * The same, where numbers that JavaScript would write another way (12345678901234567890, 1.0, 1e3) stay the text they
   * were, so that `JSON.stringify` writes them back unchanged. Absent where there are none: most bodies.
   */
  readonly exact?: unknown
}

/** More digits than a double holds for sure, or a fraction or exponent that may be written in several ways. */
const DELICATE_NUMBER = /\d{16}|\d[.eE][\d+-]|-0/

/** Throws SyntaxError. */
export function parseJson(text: string): ParsedJson {
  const value: unknown = JSON.parse(text)
  return DELICATE_NUMBER.test(text) ? { value, exact: JSON.parse(text, keepNumber) } : { value }
}

function keepNumber(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== "number" || source === undefined || String(value) === source) return value
  return JSON.rawJSON(source)
}

/** The part of an exact document that lies at `path`, or undefined where there is none. */
export function partOf(exact: unknown, ...path: readonly (string | number)[]): unknown {
  let part = exact
  for (const step of path) {
    if (typeof part !== "object" || part === null || !Object.hasOwn(part, step)) return undefined
    part = Reflect.get(part, step)
  }
  return part
}
