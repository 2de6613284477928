import { decodeText, type TextFormat } from "../format/bytes.ts"

/** Key and value as they are stored; null: no key, or a tombstone. */
export interface KeyAndValue {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

export interface LineFormat {
  readonly value: TextFormat
  readonly key: TextFormat
  /** What stands between key and value; absent: a line is a value. */
  readonly keySeparator: string | undefined
}

export type ParsedLine =
  | { readonly kind: "record"; readonly record: KeyAndValue }
  | { readonly kind: "bad"; readonly reason: string }

/** Bytes that a text stands for, or why it stands for none. */
export type ParsedData =
  | { readonly kind: "data"; readonly bytes: Uint8Array | null }
  | { readonly kind: "bad"; readonly reason: string }

export function parseLine(line: Uint8Array, format: LineFormat): ParsedLine {
  const split = splitKey(line, format.keySeparator)
  if (split === undefined) return { kind: "bad", reason: `it has no key separator "${format.keySeparator}"` }
  const key: ParsedData = split.key === null ? { kind: "data", bytes: null } : parseData(split.key, format.key)
  if (key.kind === "bad") return { kind: "bad", reason: `the key ${key.reason}` }
  const value = parseData(split.value, format.value)
  if (value.kind === "bad") return { kind: "bad", reason: `the value ${value.reason}` }
  return { kind: "record", record: { key: key.bytes, value: value.bytes } }
}

/** JSON is stored as it was written, so that its numbers keep all their digits. A JSON null is none. */
export function parseData(bytes: Uint8Array, format: TextFormat): ParsedData {
  const text = decodeText(bytes)
  if (text === undefined) return { kind: "bad", reason: "is not UTF-8; encode it and say --format base64" }
  if (format === "utf8") return { kind: "data", bytes }
  if (format === "base64") return parseBase64(text)
  try {
    return { kind: "data", bytes: JSON.parse(text) === null ? null : bytes }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { kind: "bad", reason: `is not JSON (${detail}); say --format utf8 for plain text` }
  }
}

const NO_BASE64 = /[^A-Za-z0-9+/]/

/** Looks for what does not belong: an expression for a whole line of many megabytes would run out of stack. */
function isBase64(text: string): boolean {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  return text.length % 4 === 0 && !NO_BASE64.test(text.slice(0, text.length - padding))
}

function parseBase64(text: string): ParsedData {
  if (!isBase64(text)) return { kind: "bad", reason: "is not base64" }
  return { kind: "data", bytes: Buffer.from(text, "base64") }
}

function splitKey(
  line: Uint8Array,
  separator: string | undefined,
): { readonly key: Uint8Array | null; readonly value: Uint8Array } | undefined {
  if (separator === undefined) return { key: null, value: line }
  const at = Buffer.from(line.buffer, line.byteOffset, line.length).indexOf(separator)
  if (at < 0) return undefined
  return { key: line.subarray(0, at), value: line.subarray(at + Buffer.byteLength(separator)) }
}
