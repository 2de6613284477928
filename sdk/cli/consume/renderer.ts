/** How a record is written: as JSON, as its value, or by a template. */
import type { ConsumerRecord } from "../../client/records.ts"
import { usageFailure } from "../failure.ts"
import { dataFormats, renderBytes, type TextFormat } from "../format/bytes.ts"
import { printable } from "../format/printable.ts"
import { recordJson } from "../format/record-json.ts"
import { parseTemplate, renderTemplate } from "../format/template.ts"
import type { Session } from "../session.ts"

export type RawConsumerRecord = ConsumerRecord<Uint8Array | null, Uint8Array | null>
export type Renderer = (record: RawConsumerRecord) => string | Uint8Array

const EMPTY = new Uint8Array(0)

/** `format` is json, utf8, base64, raw or a template; anything with a percent sign is one. */
export function rendererFor(session: Session, format: string, keyFormat: TextFormat): Renderer {
  const values = dataFormats.find((name) => name === format)
  if (values !== undefined) return textRenderer(session, { key: keyFormat, value: values })
  if (session.json)
    throw usageFailure(`--json writes whole records: --format can be ${dataFormats.join(", ")} with it.`)
  if (format === "raw") return ({ value }) => value ?? EMPTY
  return templateRenderer(format)
}

function textRenderer(session: Session, formats: { readonly key: TextFormat; readonly value: TextFormat }): Renderer {
  if (session.json) return (record) => `${recordJson(record, formats)}\n`
  if (session.out.isTerminal) return terminalRenderer(session, formats)
  return ({ value }) => `${plainText(value, formats.value)}\n`
}

/** Programs get values alone; a person wants to know where they are from, and that nothing plays with the terminal. */
function terminalRenderer(
  { paint, show }: Session,
  formats: { readonly key: TextFormat; readonly value: TextFormat },
): Renderer {
  return ({ partition, offset, timestamp, key, value }) => {
    const place = paint("dim", `${partition}:${offset}  ${show.time(timestamp)}`)
    const keyText = key === null ? paint("dim", "-") : paint("cyan", printable(plainText(key, formats.key)))
    const valueText = value === null ? paint("dim", "null") : printable(plainText(value, formats.value))
    return `${place}  ${keyText}  ${valueText}\n`
  }
}

/** Text as it is, JSON on one line, base64 for what is neither. */
function plainText(bytes: Uint8Array | null, format: TextFormat): string {
  return renderBytes(bytes, format).text
}

function templateRenderer(format: string): Renderer {
  const template = parseTemplate(format)
  if (template.kind === "invalid") throw usageFailure(`--format: ${template.reason}`)
  if (!format.includes("%")) {
    throw usageFailure(`--format ${format} is none of ${dataFormats.join(", ")}, raw, and a template has a % in it.`)
  }
  const encoder = new TextEncoder()
  return (record) =>
    renderTemplate(template.parts, {
      ...record,
      headers: record.headers.map(([name, value]) => [name, typeof value === "string" ? encoder.encode(value) : value]),
    })
}
