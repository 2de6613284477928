/** The binary answer of a poll: the length of its head, the head as JSON, and the batches of each partition in turn. */
import type { POLL_TYPE } from "../../protocol/routes/route.ts"
import type { PolledHead } from "../../protocol/schemas/group-members.ts"
import type { BatchRecord } from "../../record-batch/types.ts"
import { StratalogError } from "../errors.ts"
import { decodeAll, type FetchContext } from "../fetch-records.ts"
import type { HttpAnswer } from "../http-request.ts"

export const pollType: typeof POLL_TYPE = "application/vnd.stratalog.poll"

export interface FetchedPartition {
  readonly topic: string
  readonly partition: number
  /** Where reading began. */
  readonly offset: number
  readonly records: readonly BatchRecord[]
  readonly nextOffset: number
  readonly highWatermark: number
  /** What the records take in memory, about. */
  readonly bytes: number
}

export interface PollAnswer {
  readonly head: PolledHead
  readonly fetched: readonly FetchedPartition[]
}

/** What the objects of a record take beside its bytes, about. */
const RECORD_OVERHEAD_BYTES = 100
const LENGTH_BYTES = 4

/** Rejects with `unexpected_response` where the answer is none, or its batches do not decode. */
export async function readPollAnswer(answer: HttpAnswer, context: FetchContext): Promise<PollAnswer> {
  const { bytes } = answer
  const headBytes = bytes.length < LENGTH_BYTES ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  let at = LENGTH_BYTES + headBytes
  const isPoll = answer.headers.get("content-type")?.startsWith(pollType) ?? false
  if (!isPoll || at > bytes.length) throw unexpected(answer, "is not the answer of a poll")
  const head = readHead(answer, bytes.subarray(LENGTH_BYTES, at))
  const fetched: FetchedPartition[] = []
  for (const batch of head.batches) {
    const own = bytes.subarray(at, at + batch.bytes)
    at += batch.bytes
    if (at > bytes.length) throw unexpected(answer, "ends too early")
    fetched.push(await readPartition(batch, own, answer, context))
  }
  return { head, fetched }
}

function readHead(answer: HttpAnswer, bytes: Uint8Array): PolledHead {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as PolledHead
  } catch (cause) {
    throw unexpected(answer, "has a head that is no JSON", cause)
  }
}

async function readPartition(
  { topic, partition, offset, nextOffset, highWatermark }: PolledHead["batches"][number],
  bytes: Uint8Array,
  answer: HttpAnswer,
  context: FetchContext,
): Promise<FetchedPartition> {
  let decoded: readonly BatchRecord[]
  try {
    decoded = await decodeAll(bytes, context)
  } catch (cause) {
    throw unexpected(answer, `has batches of topic ${topic}, partition ${partition}, that do not decode`, cause)
  }
  // Batches come whole: the first may begin before what was asked for.
  const first = decoded.findIndex((record) => record.offset >= offset)
  const records = first === 0 ? decoded : first === -1 ? [] : decoded.slice(first)
  let size = 0
  for (const { key, value } of records) size += RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  return { topic, partition, offset, records, nextOffset, highWatermark, bytes: size }
}

function unexpected(answer: HttpAnswer, what: string, cause?: unknown): StratalogError {
  return new StratalogError({
    code: "unexpected_response",
    detail: `What came with status ${answer.status} ${what}.`,
    status: answer.status,
    retryable: false,
    sideEffects: "unknown",
    cause,
  })
}
