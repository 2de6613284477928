/** How keys and values become bytes and come back. */

/** `utf8`: a string. `json`: any JSON value. `bytes`: a Uint8Array as it is. Null is no key, or a tombstone, in each. */
export type DataFormat = "utf8" | "json" | "bytes"

export interface Format {
  /** Its name in the API's JSON requests. */
  readonly wire: "utf8" | "json" | "base64"
  /** Throws a TypeError on what it cannot write. */
  encode(data: unknown): Uint8Array
  /** Throws on bytes that are not of this format. */
  decode(bytes: Uint8Array): unknown
  /** As it stands in a JSON request. */
  toWire(data: unknown): unknown
}

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const utf8: Format = {
  wire: "utf8",
  encode: (data) => encoder.encode(requireText(data)),
  decode: (bytes) => decoder.decode(bytes),
  toWire: requireText,
}

const json: Format = {
  wire: "json",
  encode: (data) => encoder.encode(requireJson(data)),
  decode: (bytes) => JSON.parse(decoder.decode(bytes)),
  toWire: (data) => {
    requireJson(data)
    return data
  },
}

const bytes: Format = {
  wire: "base64",
  encode: requireBytes,
  decode: (data) => data,
  toWire: (data) => toBase64(requireBytes(data)),
}

export const formats: Readonly<Record<DataFormat, Format>> = { utf8, json, bytes }

function requireText(data: unknown): string {
  if (typeof data !== "string") throw new TypeError(`expected a string, got ${kindOf(data)}; choose another format`)
  if (!data.isWellFormed()) throw new TypeError("the string has a surrogate without its pair, which UTF-8 cannot hold")
  return data
}

function requireJson(data: unknown): string {
  const text: string | undefined = JSON.stringify(data)
  if (text === undefined) throw new TypeError(`expected a JSON value, got ${kindOf(data)}`)
  return text
}

function requireBytes(data: unknown): Uint8Array {
  if (!(data instanceof Uint8Array)) throw new TypeError(`expected a Uint8Array, got ${kindOf(data)}`)
  return data
}

function kindOf(data: unknown): string {
  return data === null ? "null" : Array.isArray(data) ? "an array" : typeof data
}

/** UTF-8 text of the bytes, or the bytes themselves where they are no text. */
export function textOrBytes(data: Uint8Array): string | Uint8Array {
  try {
    return decoder.decode(data)
  } catch {
    return data
  }
}

/** UTF-8 bytes of a text; bytes as they are. */
export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? encoder.encode(data) : data
}

// Uint8Array.prototype.toBase64 is not in Node 20 and 22.
export function toBase64(data: Uint8Array): string {
  const CHUNK = 0x8000
  let binary = ""
  for (let at = 0; at < data.length; at += CHUNK) {
    binary += String.fromCharCode(...data.subarray(at, at + CHUNK))
  }
  return btoa(binary)
}
