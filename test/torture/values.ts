/** Values that are unique, of any size, and tell by themselves whether one byte of them changed. */
const PADDING = "abcdefghijklmnopqrstuvwxyz0123456789"

/** `name~length~padding`; the padding follows from the name. */
export function paddedValue(name: string, padding: number): string {
  return `${name}~${padding}~${paddingOf(name, padding)}`
}

/** The value's name, or a text that is nobody's name where the value is not what was written. */
export function nameOf(value: unknown): string {
  if (typeof value !== "string") return `not text: ${JSON.stringify(value)}`
  const [name = "", length = ""] = value.split("~", 2)
  return value === paddedValue(name, Number(length)) ? name : `damaged: ${value.slice(0, 80)}`
}

function paddingOf(name: string, length: number): string {
  const start = name.length % PADDING.length
  return PADDING.repeat(Math.ceil(length / PADDING.length) + 1).slice(start, start + length)
}
