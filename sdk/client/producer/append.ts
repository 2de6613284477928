/** One attempt to append a batch. */
import type { Produced } from "../../protocol/schemas/produced.ts"
import { encodeBatch, encodeCompressedBatch } from "../../record-batch/encode.ts"
import type { BatchCodecs, BatchInput, RecordInput } from "../../record-batch/types.ts"
import { invalidArgument, StratalogError } from "../errors.ts"
import { batchType } from "../fetch-records.ts"
import { type HttpAnswer, type HttpRequest, pathOf } from "../http-request.ts"
import { parseJson, type Transport } from "../transport.ts"
import type { ProducerSettings } from "./options.ts"
import type { PartitionQueue, SequencePosition } from "./partition-queue.ts"

export type FailedAppend = { readonly error: StratalogError; readonly retryAfterMs?: number | undefined }
export type AppendAttempt =
  | { readonly kind: "appended"; readonly produced: Produced }
  | ({ readonly kind: "failed" } & FailedAppend)

export async function encodeRecords(
  { codecs, settings }: { readonly codecs: BatchCodecs; readonly settings: ProducerSettings },
  records: readonly RecordInput[],
  position: SequencePosition | undefined,
): Promise<Uint8Array> {
  const { compressionType } = settings
  const input: BatchInput = {
    records,
    ...(position && { producer: { ...position.producer, sequence: position.next } }),
  }
  return compressionType === "none"
    ? encodeBatch(input, codecs.crc32c)
    : encodeCompressedBatch(input, compressionType, codecs)
}

/** Never rejects. */
export async function sendBatch(
  transport: Transport,
  { topic, partition }: PartitionQueue,
  bytes: Uint8Array,
  count: number,
  timeoutMs: number,
): Promise<AppendAttempt> {
  const request: HttpRequest = {
    method: "POST",
    path: pathOf("v1", "topics", topic, "partitions", partition, "records"),
    body: { bytes, type: batchType },
  }
  try {
    const result = await transport.attempt(request, timeoutMs)
    return result.kind === "failed" ? result : readProduced(request, result.answer, partition, count)
  } catch (error) {
    if (error instanceof StratalogError) return { kind: "failed", error }
    return { kind: "failed", error: invalidArgument(`The request could not be made: ${String(error)}`) }
  }
}

/** A success that does not read as one, such as a proxy's page, says nothing about the log. */
function readProduced(request: HttpRequest, answer: HttpAnswer, partition: number, count: number): AppendAttempt {
  const produced = parseJson<Partial<Produced> | null>(request, answer)
  const timestamp = produced?.timestamp
  if (produced?.partition === partition && produced.count === count && timestamp !== undefined) {
    return { kind: "appended", produced: { ...produced, partition, count, timestamp } }
  }
  const error = new StratalogError({
    code: "unexpected_response",
    detail: `The answer to an append does not say that ${count} records were appended.`,
    status: answer.status,
    retryable: false,
    sideEffects: "unknown",
  })
  return { kind: "failed", error }
}
