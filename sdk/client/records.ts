/** Records as applications give and get them. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { HeaderPair } from "../record-batch/types.ts"
import { invalidArgument } from "./errors.ts"
import { bytesOf, type DataFormat, textOrBytes, toBase64 } from "./formats.ts"

/** A header's value: text, bytes that are no UTF-8 text, or null. */
export type HeaderValue = string | Uint8Array | null

/** An ordered list; names may repeat. */
export type RecordHeaders = readonly (readonly [name: string, value: HeaderValue])[]

/** A record to produce. */
export type ProducerRecord<K = string | null, V = unknown> = {
  readonly value: V
  readonly headers?: RecordHeaders | undefined
  /** Epoch milliseconds; absent: the present. */
  readonly timestamp?: number | undefined
  /** Where the record goes, whatever its key. */
  readonly partition?: number | undefined
} & (null extends K ? { readonly key?: K | undefined } : { readonly key: K })

/** A record read from a topic. */
export interface ConsumerRecord<K = string | null, V = unknown> {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Epoch milliseconds. */
  readonly timestamp: number
  /** Null: no key. */
  readonly key: K
  /** Null: a tombstone. */
  readonly value: V
  readonly headers: RecordHeaders
}

/** How a topic's keys and values are written and read. */
export interface TopicOptions<
  KS extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  VS extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  KF extends DataFormat = DataFormat,
  VF extends DataFormat = DataFormat,
> {
  /** A Standard Schema (Zod, Valibot, ArkType) that keys have to pass on both ways; a missing key is null to it. */
  readonly key?: KS
  /** A Standard Schema that values have to pass on both ways; a tombstone is null to it. */
  readonly value?: VS
  /** Default `utf8`. */
  readonly keyFormat?: KF
  /** Default `json`. */
  readonly valueFormat?: VF
}

/** What a format gives without a schema. */
export type FormatData<F extends DataFormat> = F extends "utf8"
  ? string | null
  : F extends "bytes"
    ? Uint8Array | null
    : unknown

/** The type of keys or values when reading. */
export type OutputOf<S, F extends DataFormat> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : FormatData<F>

/** The type of keys or values when producing. */
export type InputOf<S, F extends DataFormat> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<S>
  : FormatData<F>

export function headersToBytes(headers: RecordHeaders): HeaderPair[] {
  return headers.map(([name, value]) => {
    if (!name.isWellFormed()) throw invalidArgument(`The header name ${JSON.stringify(name)} is no Unicode text.`)
    return [name, value === null ? null : bytesOf(value)]
  })
}

export function headersFromBytes(headers: readonly HeaderPair[]): RecordHeaders {
  return headers.map(([name, value]) => [name, value === null ? null : textOrBytes(value)])
}

/** As they stand in a JSON request. */
export function headersToWire(headers: RecordHeaders): readonly (readonly [string, unknown])[] {
  return headers.map(([name, value]) => [name, value instanceof Uint8Array ? { base64: toBase64(value) } : value])
}
