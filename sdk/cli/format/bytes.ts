/** Stored bytes as text, JSON or base64, without loss: what does not decode in the wanted format is base64, and marked. */
export const dataFormats = ["json", "utf8", "base64"] as const
export type TextFormat = (typeof dataFormats)[number]

export type Rendered =
  /** `json` is JSON on one line; `text` is what a person reads. */
  | { readonly kind: "value"; readonly json: string; readonly text: string }
  /** The bytes are not of the format; base64 stands for them. */
  | { readonly kind: "undecodable"; readonly json: string; readonly text: string }

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

export function renderBytes(bytes: Uint8Array | null, format: TextFormat): Rendered {
  if (bytes === null) return { kind: "value", json: "null", text: "null" }
  if (format === "base64") return { kind: "value", ...quoted(base64(bytes)) }
  const text = decodeText(bytes)
  const rendered = text === undefined ? undefined : format === "utf8" ? quoted(text) : jsonText(text)
  return rendered === undefined ? { kind: "undecodable", ...quoted(base64(bytes)) } : { kind: "value", ...rendered }
}

/** Undefined where the bytes are no UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")
}

function quoted(text: string): { readonly json: string; readonly text: string } {
  return { json: JSON.stringify(text), text }
}

/** The JSON as it was written, so that a number keeps all its digits; only line breaks are taken out. */
function jsonText(text: string): { readonly json: string; readonly text: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    const json = /[\r\n]/.test(text) ? JSON.stringify(parsed) : text
    return { json, text: json }
  } catch {
    return undefined
  }
}
