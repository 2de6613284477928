/** Records between the API's JSON and the log's bytes. */
import type { HeaderValue, RecordInput, ValueFormat } from "stratalog/protocol"
import type { BatchRecord, HeaderPair } from "stratalog/record-batch"
import type { UnstampedRecord } from "../../log/append/encoded-records.ts"
import { partOf } from "../exact-json.ts"
import { invalid } from "../exchange.ts"
import { decodeBase64, decodeText, encodeField, encodeText, fieldText, toBase64 } from "./value-codec.ts"

export interface RecordFormats {
  readonly key: ValueFormat
  readonly value: ValueFormat
}

/** Keys are text and values JSON where the request does not say. */
export function formatsOf(request: {
  readonly keyFormat?: ValueFormat | undefined
  readonly valueFormat?: ValueFormat | undefined
}): RecordFormats {
  return { key: request.keyFormat ?? "utf8", value: request.valueFormat ?? "json" }
}

/** `exact` is the same list with its numbers as they were written, where they are delicate. `path` names the list. */
export function readRecords(
  records: readonly RecordInput[],
  formats: RecordFormats,
  exact: unknown,
  path = "records",
): UnstampedRecord[] {
  return records.map((record, index) => readRecord(record, formats, partOf(exact, index), `${path}[${index}]`))
}

function readRecord(record: RecordInput, formats: RecordFormats, exact: unknown, path: string): UnstampedRecord {
  if (record.value === undefined) {
    throw invalid([{ path: `${path}.value`, message: "is missing; send null for a tombstone" }])
  }
  const key = partOf(exact, "key") ?? record.key ?? null
  const value = partOf(exact, "value") ?? record.value
  return {
    key: encodeField(formats.key, key, `${path}.key`),
    value: encodeField(formats.value, value, `${path}.value`),
    ...(record.headers && { headers: record.headers.map((pair, at) => readHeader(pair, `${path}.headers[${at}]`)) }),
    ...(record.timestamp !== undefined && { timestamp: record.timestamp }),
  }
}

function readHeader([name, value]: readonly [string, HeaderValue], path: string): HeaderPair {
  if (!name.isWellFormed()) encodeText(name, path)
  if (value === null) return [name, null]
  return [name, typeof value === "string" ? encodeText(value, path) : decodeBase64(value.base64, path)]
}

/** One record as the API writes it. Text of JSON values goes out as it is stored. */
export function recordText(record: BatchRecord, formats: RecordFormats): string {
  const key = fieldText(formats.key, record.key)
  const value = fieldText(formats.value, record.value)
  let text = `{"offset":${record.offset},"timestamp":${record.timestamp},"key":${key.text},"value":${value.text}`
  if (record.headers.length > 0) text += `,"headers":${JSON.stringify(record.headers.map(writeHeader))}`
  if (key.undecodable) text += ',"keyEncoding":"base64"'
  if (value.undecodable) text += ',"valueEncoding":"base64"'
  return `${text}}`
}

function writeHeader([name, value]: HeaderPair): readonly [string, HeaderValue] {
  if (value === null) return [name, null]
  const text = decodeText(value)
  return [name, text === undefined ? { base64: toBase64(value) } : text]
}
