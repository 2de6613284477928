/**
 * With what every name begins that a pattern matches, as far as that is easy to see; empty where it is not. Never longer than
 * what is true: who may read all that begins so may read all that is matched. Pure.
 */
export function literalPrefix(pattern: string): string {
  // An alternative or a flag may change what stands before it.
  if (/[|]|\(\?/.test(pattern)) return ""
  const [, literal = "", after = ""] = /^\^*([A-Za-z0-9_-]*)(.?)/.exec(pattern) ?? []
  // What may be left out belongs to the last character.
  return /[?*{]/.test(after) ? literal.slice(0, -1) : literal
}
