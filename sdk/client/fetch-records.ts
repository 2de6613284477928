/** One fetch of one partition, as record batches. */
import type { BATCH_TYPE } from "../protocol/routes/route.ts"
import { decodeBatch } from "../record-batch/decode.ts"
import { splitBatches } from "../record-batch/header.ts"
import type { BatchCodecs, BatchRecord } from "../record-batch/types.ts"
import { StratalogError } from "./errors.ts"
import { type HttpAnswer, pathOf } from "./http-request.ts"
import type { Transport } from "./transport.ts"

export const batchType: typeof BATCH_TYPE = "application/vnd.kafka.record-batch"

export type FetchOptions = Partial<{
  readonly offset: number | "earliest" | "latest" | undefined
  readonly timestamp: Date | number | undefined
  readonly tail: number | undefined
  /** The most records. Absent: as many as `maxBytes` allows. */
  readonly limit: number | undefined
  /** The most bytes of stored batches; the first batch comes whatever its size. */
  readonly maxBytes: number | undefined
  /** Wait for so many bytes. Default 1. */
  readonly minBytes: number | undefined
  /** How long to wait for `minBytes`, milliseconds. Default 0. */
  readonly wait: number | undefined
  readonly signal: AbortSignal | undefined
}>

export interface FetchedWatermarks {
  readonly nextOffset: number
  readonly highWatermark: number
  readonly logStartOffset: number
}

export interface FetchedRaw extends FetchedWatermarks {
  readonly records: readonly BatchRecord[]
}

export interface FetchedBytes extends FetchedWatermarks {
  /** Whole batches one after another; the first may begin before what was asked for. */
  readonly bytes: Uint8Array
}

export interface FetchContext {
  readonly transport: Transport
  readonly codecs: BatchCodecs
  readonly maxDecompressedBytes: number
}

export async function fetchRecords(
  context: FetchContext,
  topic: string,
  partition: number,
  options: FetchOptions,
): Promise<FetchedRaw> {
  const { offset, tail, limit } = options
  const timestamp = timestampOf(options)
  const { bytes, ...watermarks } = await fetchBytes(context.transport, topic, partition, options)
  const decoded = await decodeAll(bytes, context)
  const wanted = skipEarlier(decoded, { offset, timestamp, tail }, watermarks)
  if (limit === undefined || wanted.length <= limit) return { records: wanted, ...watermarks }
  const records = wanted.slice(0, limit)
  return { ...watermarks, records, nextOffset: (records.at(-1)?.offset ?? watermarks.nextOffset - 1) + 1 }
}

/** The same, as the log has it. */
export async function fetchBytes(
  transport: Transport,
  topic: string,
  partition: number,
  options: FetchOptions,
): Promise<FetchedBytes> {
  const { offset, tail, limit, maxBytes, minBytes, wait, signal } = options
  const answer = await transport.send({
    method: "GET",
    path: pathOf("v1", "topics", topic, "partitions", partition, "records"),
    query: { offset, timestamp: timestampOf(options), tail, limit, maxBytes, minBytes, wait },
    accept: batchType,
    waitMs: wait ?? 0,
    signal,
  })
  return { bytes: answer.bytes, ...watermarksOf(answer) }
}

function timestampOf({ timestamp }: FetchOptions): number | undefined {
  return timestamp === undefined ? undefined : Number(timestamp)
}

/** The records of batches that lie one after another. */
export async function decodeAll(
  bytes: Uint8Array,
  context: Pick<FetchContext, "codecs" | "maxDecompressedBytes">,
): Promise<BatchRecord[]> {
  const records: BatchRecord[] = []
  for (const batch of splitBatches(bytes)) {
    const decoded = decodeBatch(batch, context.codecs, context.maxDecompressedBytes)
    for (const record of decoded instanceof Promise ? await decoded : decoded) records.push(record)
  }
  return records
}

/** Batches come whole: the first may begin before what was asked for. */
function skipEarlier(
  records: readonly BatchRecord[],
  start: { offset: FetchOptions["offset"]; timestamp: number | undefined; tail: number | undefined },
  { highWatermark }: Pick<FetchedRaw, "highWatermark">,
): readonly BatchRecord[] {
  const { timestamp, tail } = start
  const from =
    timestamp !== undefined
      ? records.findIndex((record) => record.timestamp >= timestamp)
      : records.findIndex((record) => record.offset >= firstOffset(start.offset, tail, highWatermark))
  return from === 0 ? records : from === -1 ? [] : records.slice(from)
}

function firstOffset(offset: FetchOptions["offset"], tail: number | undefined, highWatermark: number): number {
  if (tail !== undefined) return highWatermark - tail
  return typeof offset === "number" ? offset : offset === "latest" ? highWatermark : 0
}

function watermarksOf(answer: HttpAnswer): FetchedWatermarks {
  return {
    nextOffset: offsetHeader(answer, "stratalog-next-offset"),
    highWatermark: offsetHeader(answer, "stratalog-high-watermark"),
    logStartOffset: offsetHeader(answer, "stratalog-log-start-offset"),
  }
}

function offsetHeader(answer: HttpAnswer, name: string): number {
  const text = answer.headers.get(name)
  if (text !== null && /^\d{1,16}$/.test(text)) return Number(text)
  throw new StratalogError({
    code: "unexpected_response",
    detail: `The answer to a fetch has no header ${name}. A proxy may drop it, or, in a browser, the server does not expose it by CORS.`,
    status: answer.status,
    retryable: false,
    sideEffects: "none",
  })
}
