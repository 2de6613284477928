import { base64, decodeText, renderBytes, type TextFormat } from "./bytes.ts"

/** A record as bytes, as it is stored. */
export interface RawRecord {
  readonly topic?: string
  readonly partition?: number
  readonly offset: number
  /** Epoch milliseconds. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [name: string, value: string | Uint8Array | null])[]
}

export interface RecordFormats {
  readonly key: TextFormat
  readonly value: TextFormat
}

/** One record as one line of JSON, in the words of the HTTP API. */
export function recordJson(record: RawRecord, formats: RecordFormats): string {
  const key = renderBytes(record.key, formats.key)
  const value = renderBytes(record.value, formats.value)
  const place = { topic: record.topic, partition: record.partition, offset: record.offset, timestamp: record.timestamp }
  const fields = [JSON.stringify(place).slice(1, -1), `"key":${key.json}`]
  if (key.kind === "undecodable") fields.push('"keyEncoding":"base64"')
  fields.push(`"value":${value.json}`)
  if (value.kind === "undecodable") fields.push('"valueEncoding":"base64"')
  if (record.headers.length > 0) fields.push(`"headers":${JSON.stringify(record.headers.map(headerJson))}`)
  return `{${fields.join(",")}}`
}

function headerJson([name, value]: RawRecord["headers"][number]): readonly [string, unknown] {
  if (!(value instanceof Uint8Array)) return [name, value]
  return [name, decodeText(value) ?? { base64: base64(value) }]
}
