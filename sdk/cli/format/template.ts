/** A record in the parts that a template can name. Key, value and header values are bytes as they are stored. */
export interface TemplateRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [name: string, value: Uint8Array | null])[]
}

type Field = (record: TemplateRecord) => string | Uint8Array
type Part = Uint8Array | Field

const EMPTY = new Uint8Array(0)
const encoder = new TextEncoder()

const fields: Readonly<Record<string, Field>> = {
  t: (record) => record.topic,
  p: (record) => String(record.partition),
  o: (record) => String(record.offset),
  k: (record) => record.key ?? EMPTY,
  v: (record) => record.value ?? EMPTY,
  h: (record) => joinHeaders(record.headers),
  T: (record) => String(record.timestamp),
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0", "\\": "\\" }

export const TEMPLATE_HELP =
  "%t topic, %p partition, %o offset, %k key, %v value, %h headers (name=value,...), %T timestamp (epoch ms), %% a percent sign; \\n, \\t, \\r, \\0, \\\\"

export type ParsedTemplate =
  | { readonly kind: "template"; readonly parts: readonly Part[] }
  | { readonly kind: "invalid"; readonly reason: string }

/** Reads a template such as `%p:%o %k %v\n`. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: Part[] = []
  let literal = ""
  for (let at = 0; at < text.length; at++) {
    const mark = text.charAt(at)
    if (mark !== "%" && mark !== "\\") {
      literal += mark
      continue
    }
    const name = text.charAt(++at)
    const replacement = mark === "\\" ? escapes[name] : name === "%" ? "%" : undefined
    const field = mark === "%" ? fields[name] : undefined
    if (replacement !== undefined) literal += replacement
    else if (field === undefined)
      return { kind: "invalid", reason: `\`${mark}${name}\` means nothing: ${TEMPLATE_HELP}` }
    else {
      parts.push(encoder.encode(literal), field)
      literal = ""
    }
  }
  parts.push(encoder.encode(literal))
  return { kind: "template", parts }
}

/** The bytes of one record; nothing is added at the end. */
export function renderTemplate(parts: readonly Part[], record: TemplateRecord): Uint8Array {
  return concat(
    parts.map((part) => {
      const rendered = typeof part === "function" ? part(record) : part
      return typeof rendered === "string" ? encoder.encode(rendered) : rendered
    }),
  )
}

function joinHeaders(headers: TemplateRecord["headers"]): Uint8Array {
  const pieces = headers.flatMap(([name, value], index) => [
    encoder.encode(`${index === 0 ? "" : ","}${name}=`),
    value ?? EMPTY,
  ])
  return concat(pieces)
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
