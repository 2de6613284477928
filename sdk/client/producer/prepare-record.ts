/** A record as an application gives it, made ready to be stored. */

import type { HeaderPair } from "../../record-batch/types.ts"
import { invalidArgument } from "../errors.ts"
import type { RecordHeaders } from "../records.ts"
import { headersToBytes } from "../records.ts"
import type { MaybePromise, Serde } from "../serde.ts"

/** A record of any topic, before its key and value are written. */
export interface AnyRecord {
  readonly topic?: string
  readonly key?: unknown
  readonly value: unknown
  readonly headers?: RecordHeaders | undefined
  readonly timestamp?: number | undefined
  readonly partition?: number | undefined
}

export interface PreparedRecord {
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly HeaderPair[]
  /** Bytes that it takes in a batch, at most. */
  readonly bytes: number
}

const NO_HEADERS: readonly HeaderPair[] = []
/** The most that the varints and the attributes of a record take. */
const FRAMING_BYTES = 32
const HEADER_FRAMING_BYTES = 10

/** Throws or rejects where the record is not valid, before it shares a batch with others. */
export function prepareRecord(
  record: AnyRecord,
  serdes: { readonly key: Serde; readonly value: Serde },
  now: number,
): MaybePromise<PreparedRecord> {
  const timestamp = record.timestamp ?? now
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw invalidArgument(`A record's timestamp is ${timestamp}; it must be whole milliseconds since 1970.`)
  }
  const headers = record.headers === undefined ? NO_HEADERS : headersToBytes(record.headers)
  const key = serdes.key.encode(record.key)
  const value = serdes.value.encode(record.value)
  if (key instanceof Promise || value instanceof Promise) {
    return Promise.all([key, value]).then(([theKey, theValue]) => prepared(timestamp, theKey, theValue, headers))
  }
  return prepared(timestamp, key, value, headers)
}

function prepared(
  timestamp: number,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly HeaderPair[],
): PreparedRecord {
  let bytes = FRAMING_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, data] of headers) bytes += HEADER_FRAMING_BYTES + name.length * 3 + (data?.length ?? 0)
  return { timestamp, key, value, headers, bytes }
}
