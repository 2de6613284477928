/** Keys and values between JSON and bytes, in the formats utf8, json and base64. Bytes that do not decode are never mangled. */
import type { ValueFormat } from "stratalog/protocol"
import { invalid } from "../exchange.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The bytes of a key or value; null is a null. `path` names the field in the error. Throws a `Refusal`. */
export function encodeField(format: ValueFormat, value: unknown, path: string): Uint8Array | null {
  if (value === null) return null
  if (format === "json") return Buffer.from(stringify(value, path))
  if (typeof value !== "string") {
    throw invalid([{ path, message: `must be a string in format ${format}; for other JSON values use format json` }])
  }
  return format === "utf8" ? encodeText(value, path) : decodeBase64(value, path)
}

function stringify(value: unknown, path: string): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw invalid([{ path, message: "is nested too deeply; send it as text in format utf8" }])
  }
}

export function encodeText(text: string, path: string): Uint8Array {
  if (!text.isWellFormed()) {
    throw invalid([{ path, message: "holds a lone surrogate, which UTF-8 cannot say; send the bytes in base64" }])
  }
  return Buffer.from(text)
}

const NO_BASE64 = /[^A-Za-z0-9+/]/

/** Looks for what does not belong: an expression for the whole would keep its way back for each group, and run out of stack. */
function isBase64(text: string): boolean {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  return text.length % 4 === 0 && !NO_BASE64.test(text.slice(0, text.length - padding))
}

export function decodeBase64(text: string, path: string): Uint8Array {
  if (!isBase64(text)) throw invalid([{ path, message: "is not base64 (RFC 4648, with padding)" }])
  return Buffer.from(text, "base64")
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")
}

/** A key or value as JSON text; `undecodable` says that it is base64 because the bytes are no text of that format. */
export interface FieldText {
  readonly text: string
  readonly undecodable: boolean
}

const NULL: FieldText = { text: "null", undecodable: false }

export function fieldText(format: ValueFormat, bytes: Uint8Array | null): FieldText {
  if (bytes === null) return NULL
  if (format === "base64") return { text: `"${toBase64(bytes)}"`, undecodable: false }
  const text = decodeText(bytes)
  if (text === undefined) return undecodable(bytes)
  if (format === "utf8") return { text: JSON.stringify(text), undecodable: false }
  return isJson(text) ? { text, undecodable: false } : undecodable(bytes)
}

export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** A stored JSON `null` would read as a tombstone, which is something else: it counts as undecodable. */
function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== null
  } catch {
    return false
  }
}

function undecodable(bytes: Uint8Array): FieldText {
  return { text: `"${toBase64(bytes)}"`, undecodable: true }
}
